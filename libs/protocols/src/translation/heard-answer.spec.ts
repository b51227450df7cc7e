import type { StreamEvent } from '@bytespike/ir';

import { openHeardAnswer } from './heard-answer.js';

const said: readonly StreamEvent[] = [
  { type: 'response-start', id: 'r' },
  { type: 'part-start', index: 0, part: { type: 'reasoning', visibility: 'full' } },
  { type: 'reasoning-delta', index: 0, segment: 0, text: 'H' },
  { type: 'reasoning-delta', index: 0, segment: 0, text: 'm' },
  { type: 'reasoning-delta', index: 0, segment: 1, text: 'Well' },
  { type: 'part-end', index: 0 },
  { type: 'part-start', index: 1, part: { type: 'text' } },
  { type: 'text-delta', index: 1, text: 'Hel' },
  { type: 'part-start', index: 2, part: { type: 'text' } },
  { type: 'text-delta', index: 2, text: 'world' },
  { type: 'text-delta', index: 1, text: 'lo' },
  { type: 'part-end', index: 1 },
  { type: 'part-end', index: 2 },
];

const heard = (charactersMax?: number) => {
  const answer = openHeardAnswer(charactersMax);
  for (const event of said) answer.hear(event);
  return answer.parts();
};

describe('what a vendor has said so far', () => {
  it('is all of it, whichever way its deltas came', () => {
    expect(heard()).toEqual([
      { type: 'reasoning', visibility: 'full', segments: ['Hm', 'Well'] },
      { type: 'text', text: 'Hello' },
      { type: 'text', text: 'world' },
    ]);
  });

  it('is nothing where it is too long to be sent back', () => {
    expect(heard(10)).toEqual([]);
  });
});

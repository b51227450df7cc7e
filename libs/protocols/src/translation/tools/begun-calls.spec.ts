import type { StreamEvent } from '@bytespike/ir';

import { onlyBegunCalls } from './begun-calls.js';

const call = (index: number, kind: 'function' | 'custom' = 'function'): StreamEvent => ({
  type: 'part-start',
  index,
  part: { type: 'tool-call', id: `c${index}`, name: 'go', kind },
});
const grows = (index: number, text: string): StreamEvent => ({ type: 'arguments-delta', index, text });
const ends = (index: number): StreamEvent => ({ type: 'part-end', index });
const says = (index: number): readonly StreamEvent[] => [
  { type: 'part-start', index, part: { type: 'text' } },
  { type: 'text-delta', index, text: 'Hi' },
  ends(index),
];
const told = (events: readonly StreamEvent[]) => events.flatMap(onlyBegunCalls());

it('tells a call with its first argument, blanks before it included', () => {
  expect(told([call(0), grows(0, ' ')])).toEqual([]);
  const whole = [call(0), grows(0, ' '), grows(0, '{}'), ends(0)];
  expect(told(whole)).toEqual(whole);
});

it('keeps blanks in one piece, however many they are', () => {
  const blanks = Array.from({ length: 100_000 }, (_, at) => grows(0, at % 2 === 0 ? '' : ' '));
  expect(told([call(0), ...blanks, grows(0, '{}')])).toEqual([call(0), grows(0, ' '.repeat(50_000)), grows(0, '{}')]);
});

it('leaves out a call that ended before any, and numbers what follows without it', () => {
  expect(told([call(0), grows(0, ' '), ends(0), ...says(1)])).toEqual(says(0));
});

it('numbers calls as their arguments begin', () => {
  const interleaved = [call(0), call(1), grows(1, '{"b"'), grows(0, '{}'), grows(1, ':1}'), ends(0), ends(1)];
  expect(told(interleaved)).toEqual([
    { ...call(1), index: 0 },
    grows(0, '{"b"'),
    { ...call(0), index: 1 },
    grows(1, '{}'),
    grows(0, ':1}'),
    ends(1),
    ends(0),
  ]);
});

it('tells a free-form call at once: to say nothing is an input', () => {
  const empty = [call(0, 'custom'), ends(0)];
  expect(told(empty)).toEqual(empty);
});

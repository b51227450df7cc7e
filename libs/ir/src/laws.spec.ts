import fc from 'fast-check';

import type { StreamEvent } from './event.js';
import { foldStream } from './fold.js';
import { arbitraryResponse, arbitraryStream } from './testing/index.js';
import { unfoldResponse } from './unfold.js';
import { findStreamFault } from './well-formed.js';

describe('the hub', () => {
  it('folds what it unfolds back to the same response', () => {
    fc.assert(
      fc.property(arbitraryResponse, (response) => expect(foldStream(unfoldResponse(response))).toEqual(response)),
    );
  });

  it('folds a stream alike however its deltas are cut', () => {
    fc.assert(
      fc.property(arbitraryStream, (events) => {
        expect(foldStream(unfoldResponse(foldStream(events)))).toEqual(foldStream(events));
      }),
    );
  });

  it('unfolds to well-formed streams only', () => {
    fc.assert(fc.property(arbitraryStream, (events) => expect(findStreamFault(events)).toBeUndefined()));
  });

  it('refuses every proper prefix of a stream', () => {
    fc.assert(
      fc.property(arbitraryStream, fc.nat(), (events, cut) => {
        const prefix = events.slice(0, cut % events.length);
        expect(() => foldStream(prefix)).toThrow('not well formed');
      }),
    );
  });
});

describe('findStreamFault', () => {
  const start: StreamEvent = { type: 'response-start' };
  const text: StreamEvent = { type: 'part-start', index: 0, part: { type: 'text' } };
  const finish: StreamEvent = { type: 'finish', finish: { reason: 'stop' } };
  const end: StreamEvent = { type: 'response-end' };

  it.each<{ name: string; events: readonly StreamEvent[]; fault: string }>([
    { name: 'a part before the start', events: [text], fault: 'before the start' },
    { name: 'a second start', events: [start, start], fault: 'a second start' },
    { name: 'a part out of order', events: [start, { ...text, index: 1 }], fault: 'part 1 where 0 is next' },
    { name: 'a delta for no part', events: [start, { type: 'text-delta', index: 0, text: 'a' }], fault: 'not open' },
    {
      name: 'arguments in a text',
      events: [start, text, { type: 'arguments-delta', index: 0, text: '{' }],
      fault: 'does not belong into text',
    },
    { name: 'an open part at the finish', events: [start, text, finish], fault: 'while parts are open' },
    { name: 'two finishes', events: [start, finish, finish], fault: 'a second finish' },
    { name: 'an end without a finish', events: [start, end], fault: 'without a finish' },
    { name: 'anything after the end', events: [start, finish, end, { type: 'ping' }], fault: 'after the end' },
    { name: 'no end', events: [start, finish], fault: 'has no end' },
  ])('finds $name', ({ events, fault }) => {
    expect(findStreamFault(events)).toContain(fault);
  });

  it('lets a stream end in an error at any point', () => {
    expect(
      findStreamFault([start, text, { type: 'error', kind: 'upstream-transient', message: 'gone' }]),
    ).toBeUndefined();
  });

  it('folds a failed stream to its failure', () => {
    expect(() => foldStream([start, { type: 'error', kind: 'upstream-timeout', message: 'too slow' }])).toThrow(
      'too slow',
    );
  });
});

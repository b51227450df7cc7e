import type { ResponsePart, StreamEvent } from '@bytespike/ir';
import fc from 'fast-check';

import { IN_ORDER, oneAtATime, type Order } from './one-at-a-time.js';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

function inOrder(events: readonly PartEvent[]): readonly PartEvent[] {
  let order: Order = IN_ORDER;
  return events.flatMap((event) => {
    const [next, ready] = oneAtATime(order, event);
    order = next;
    return ready;
  });
}

const start = (index: number): PartEvent => ({ type: 'part-start', index, part: { type: 'text' } });
const say = (index: number, text: string): PartEvent => ({ type: 'text-delta', index, text });
const end = (index: number): PartEvent => ({ type: 'part-end', index });
const whole = (index: number, part: Extract<ResponsePart, { type: `server-tool-${string}` }>): PartEvent => ({
  type: 'part-whole',
  index,
  part,
});
const search = (index: number, id: string) =>
  whole(index, { type: 'server-tool-call', id, family: 'web-search', input: {} });
const found = (index: number, callId: string) =>
  whole(index, { type: 'server-tool-result', callId, family: 'web-search', sources: [] });

describe('oneAtATime', () => {
  it('holds a part back until the one before it has ended, its deltas joined', () => {
    const events = [start(0), start(1), say(0, 'a'), say(1, 'x'), say(1, 'y'), end(1), say(0, 'b'), end(0)];
    expect(inOrder(events)).toEqual([start(0), say(0, 'a'), say(0, 'b'), end(0), start(1), say(1, 'xy'), end(1)]);
  });

  it('gives a part that still grows the word once its turn has come', () => {
    const events = [start(0), start(1), say(1, 'x'), end(0), say(1, 'y'), end(1)];
    expect(inOrder(events)).toEqual([start(0), end(0), start(1), say(1, 'x'), say(1, 'y'), end(1)]);
  });

  it('lets a search have its result before another begins', () => {
    expect(inOrder([search(0, 'a'), search(1, 'b'), found(2, 'a'), found(3, 'b')])).toEqual([
      search(0, 'a'),
      found(2, 'a'),
      search(1, 'b'),
      found(3, 'b'),
    ]);
  });

  it('does not wait for a result once something else begins', () => {
    const events = [search(0, 'a'), search(1, 'b'), start(2), say(2, 'x'), end(2)];
    expect(inOrder(events)).toEqual(events);
  });

  it('loses nothing of parts that overlap at random, and lets no two of them overlap', () => {
    const steps = fc.array(fc.nat({ max: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (rolls) => {
        const ordered = inOrder(overlapping(rolls));
        const begun = ordered.flatMap((event) => (event.type === 'part-start' ? [event.index] : []));
        expect(begun).toEqual(begun.map((_index, position) => position));
        expect(ordered.map(({ index }) => index)).toEqual(ordered.map(({ index }) => index).sort((a, b) => a - b));
        expect(told(ordered)).toEqual(told(overlapping(rolls)));
      }),
    );
  });
});

/** Parts that begin in order and speak in turns, as the rolls say; all of them end. */
function overlapping(rolls: readonly number[]): readonly PartEvent[] {
  let next = 0;
  const spoken = rolls.flatMap((roll, position): PartEvent[] => {
    if (next > 0 && roll > 0) return [say(roll % next, String(position))];
    next += 1;
    return [start(next - 1)];
  });
  return [...spoken, ...Array.from({ length: next }, (_part, index) => end(next - 1 - index))];
}

const told = (events: readonly PartEvent[]): Readonly<Record<number, string>> =>
  events.reduce<Record<number, string>>((texts, event) => {
    if (event.type === 'text-delta') texts[event.index] = (texts[event.index] ?? '') + event.text;
    return texts;
  }, {});

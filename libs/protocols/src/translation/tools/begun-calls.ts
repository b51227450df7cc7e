import type { StreamEvent } from '@bytespike/ir';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

/** Blanks are kept in one piece: a vendor may send any number of them, empty ones too, which no bound of an answer counts. */
function keep(kept: PartEvent[], event: PartEvent): void {
  const last = kept.at(-1);
  if (event.type === 'arguments-delta' && last?.type === 'arguments-delta')
    kept[kept.length - 1] = { ...last, text: last.text + event.text };
  else kept.push(event);
}

/**
 * Tells a function call from its first argument on, and not at all where it ended before any: a limit has cut it, and
 * to clients a call that says nothing is one without arguments, which they run (protocols 2.9). Parts are numbered as
 * they are told.
 */
export function onlyBegunCalls(): (event: StreamEvent) => readonly StreamEvent[] {
  const waiting = new Map<number, PartEvent[]>();
  const numbers = new Map<number, number>();
  let next = 0;

  const numbered = (event: PartEvent): PartEvent => {
    if (event.type === 'part-start' || event.type === 'part-whole') {
      numbers.set(event.index, next);
      next += 1;
    }
    const index = numbers.get(event.index) ?? event.index;
    if (event.type === 'part-end' || event.type === 'part-whole') numbers.delete(event.index);
    return index === event.index ? event : { ...event, index };
  };

  return (event) => {
    if (!('index' in event)) return [event];
    if (event.type === 'part-start' && event.part.type === 'tool-call' && event.part.kind === 'function') {
      waiting.set(event.index, [event]);
      return [];
    }
    const kept = waiting.get(event.index);
    if (!kept) return [numbered(event)];
    if (event.type === 'arguments-delta' && event.text.trim() !== '') {
      waiting.delete(event.index);
      return [...kept, event].map(numbered);
    }
    if (event.type === 'part-end') waiting.delete(event.index);
    else keep(kept, event);
    return [];
  };
}

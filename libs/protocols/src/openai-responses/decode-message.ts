import type { Citation } from '@bytespike/ir';

import { given } from '../given.js';
import { restOf, type OpenItem, type Told } from './open-item.js';
import { outputPartToIr } from './output-to-ir.js';
import { citationToIr } from './parts-to-ir.js';
import type { WireOutputItem, WireOutputPart } from './schema-events.js';

/** Begins a part of a message unless it has begun. */
export function beginSaying(item: OpenItem, next: number, content: number, type: 'text' | 'refusal'): Told {
  if (item.said[content]) return { item, next, events: [] };
  const part = type === 'text' ? ({ type, ...given({ phase: item.phase }) } as const) : { type };
  const said = { ...item.said, [content]: { index: next, text: '', cited: 0, isDone: false } };
  const refused = item.refused || type === 'refusal';
  return { item: { ...item, said, refused }, next: next + 1, events: [{ type: 'part-start', index: next, part }] };
}

export function growSaid(item: OpenItem, next: number, content: number, text: string): Told {
  const part = item.said[content];
  if (!part || part.isDone || text === '') return { item, next, events: [] };
  const said = { ...item.said, [content]: { ...part, text: part.text + text } };
  return { item: { ...item, said }, next, events: [{ type: 'text-delta', index: part.index, text }] };
}

export function cite(item: OpenItem, next: number, content: number, citation: Citation): Told {
  const part = item.said[content];
  if (!part || part.isDone) return { item, next, events: [] };
  const said = { ...item.said, [content]: { ...part, cited: part.cited + 1 } };
  return { item: { ...item, said }, next, events: [{ type: 'citation', index: part.index, citation }] };
}

/** Ends a part of a message, filled from what is told of it whole where its deltas told less. */
export function endSaid(item: OpenItem, next: number, content: number, whole: WireOutputPart | undefined): Told {
  const read = whole && outputPartToIr(whole);
  const type = read?.type === 'refusal' ? 'refusal' : 'text';
  const begun = read ? beginSaying(item, next, content, type) : { item, next, events: [] };
  const part = begun.item.said[content];
  if (!part || part.isDone) return begun;
  const told = read?.type === 'text' || read?.type === 'refusal' ? read.text : undefined;
  const text = restOf(told, part.text);
  const citations = (whole?.annotations ?? []).slice(part.cited).map(citationToIr);
  const { index } = part;
  return {
    item: { ...begun.item, said: { ...begun.item.said, [content]: { ...part, text: part.text + text, isDone: true } } },
    next: begun.next,
    events: [
      ...begun.events,
      ...(text === '' ? [] : [{ type: 'text-delta', index, text } as const]),
      ...citations.map((citation) => ({ type: 'citation', index, citation }) as const),
      { type: 'part-end', index },
    ],
  };
}

/** Ends a message part by part, with those that were never announced. */
export function endMessage(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  const content = typeof whole?.content === 'string' ? [{ text: whole.content }] : (whole?.content ?? []);
  let told: Told = { item, next, events: [] };
  const places = new Set([...Object.keys(item.said).map(Number), ...content.keys()]);
  for (const place of [...places].sort((a, b) => a - b)) {
    const more = endSaid(told.item, told.next, place, content[place]);
    told = { ...more, events: [...told.events, ...more.events] };
  }
  return told;
}

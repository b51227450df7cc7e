import type { ReasoningPart } from '@bytespike/ir';

import { given } from '../given.js';
import { restOf, type OpenItem, type Told } from './open-item.js';
import { PLAIN_REASONING, reasoningCapsule, reasoningToIr } from './output-to-ir.js';
import type { WireOutputItem } from './schema-events.js';

/** Begins the part of a reasoning item, once it is known what of it can be seen. */
export function beginReasoning(item: OpenItem, next: number, visibility: ReasoningPart['visibility']): Told {
  if (item.index !== undefined) return { item, next, events: [] };
  const part = { type: 'reasoning', visibility, ...given({ itemId: item.id }) } as const;
  return {
    item: { ...item, index: next, slot: visibility === 'full' ? 'content' : 'summary' },
    next: next + 1,
    events: [{ type: 'part-start', index: next, part }],
  };
}

/** Adds to one segment of what was thought; a vendor that tells both a chain and its summary is heard once. */
export function think(
  item: OpenItem,
  next: number,
  { slot, segment, text }: { readonly slot: 'summary' | 'content'; readonly segment: number; readonly text: string },
): Told {
  const begun = beginReasoning(item, next, slot === 'content' ? 'full' : 'summary');
  const { index } = begun.item;
  if (begun.item.slot !== slot || index === undefined) return begun;
  const segments = [...begun.item.segments];
  segments[segment] = (segments[segment] ?? '') + text;
  return {
    item: { ...begun.item, segments },
    next: begun.next,
    events: [...begun.events, { type: 'reasoning-delta', index, segment, text }],
  };
}

/** Ends what was thought with its state, and with whatever its deltas left out. */
export function endReasoning(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  const { visibility, segments } = whole ? reasoningToIr(whole) : { visibility: 'redacted' as const, segments: [] };
  let told = beginReasoning(item, next, visibility);
  const { slot, index = next } = told.item;
  const matches = slot === (visibility === 'full' ? 'content' : 'summary');
  for (const [segment, text] of matches ? segments.entries() : []) {
    const rest = restOf(text, told.item.segments[segment] ?? '');
    if (rest === '' && told.item.segments[segment] !== undefined) continue;
    const more = think(told.item, told.next, { slot: slot ?? 'summary', segment, text: rest });
    told = { ...more, events: [...told.events, ...more.events] };
  }
  const shown = told.item.segments.length > 0 ? PLAIN_REASONING : undefined;
  const capsule = (whole && reasoningCapsule(whole)) ?? shown;
  return {
    ...told,
    events: [
      ...told.events,
      ...(capsule ? [{ type: 'capsule', index, capsule } as const] : []),
      { type: 'part-end', index },
    ],
  };
}

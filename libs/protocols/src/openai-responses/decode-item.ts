import type { Citation, ReasoningPart, StreamEvent } from '@bytespike/ir';

import { given } from '../given.js';
import {
  argumentsOf,
  outputItemToIr,
  outputPartToIr,
  PLAIN_REASONING,
  reasoningCapsule,
  reasoningToIr,
} from './output-to-ir.js';
import { citationToIr } from './parts-to-ir.js';
import type { WireOutputItem, WireOutputPart } from './schema-events.js';
import { withoutRaw } from './to-ir.js';

/** A part of a message as far as it has been told. */
interface OpenSaid {
  /** Index of its part in the hub. */
  readonly index: number;
  readonly text: string;
  readonly cited: number;
  readonly isDone: boolean;
}

interface Open {
  /** Its number on the wire; ids may change from event to event, numbers do not (T81). */
  readonly wireIndex: number;
  readonly type: string;
  readonly id: string | undefined;
  readonly callId: string | undefined;
  readonly isDone: boolean;
}

/** An item as far as it has been told. */
export interface OpenItem extends Open {
  readonly phase: string | undefined;
  readonly refused: boolean;
  readonly said: Readonly<Record<number, OpenSaid>>;
  /** Index of the part of a reasoning item or a call, once it has begun. */
  readonly index: number | undefined;
  readonly slot: 'summary' | 'content' | undefined;
  readonly segments: readonly string[];
  readonly name: string;
  readonly namespace: string | undefined;
  readonly text: string;
}

/** What an item has become, the events that tell it, and the index of the next part. */
export interface Told {
  readonly item: OpenItem;
  readonly next: number;
  readonly events: readonly StreamEvent[];
}

export const openItem = (wireIndex: number, type: string, item?: WireOutputItem): OpenItem => ({
  wireIndex,
  type,
  id: item?.id ?? undefined,
  callId: item?.call_id ?? undefined,
  isDone: false,
  phase: item?.phase ?? undefined,
  refused: false,
  said: {},
  index: undefined,
  slot: undefined,
  segments: [],
  name: item?.name ?? '',
  namespace: item?.namespace ?? undefined,
  text: '',
});

const CALLS: readonly string[] = ['function_call', 'custom_tool_call'];
export const isCall = ({ type }: Pick<OpenItem, 'type'>): boolean => CALLS.includes(type);

/** Begins the part of a call as soon as it has a name; until then its arguments are kept. */
export function beginCall(item: OpenItem, next: number): Told {
  if (item.index !== undefined || item.name === '' || !item.callId) return { item, next, events: [] };
  const { name, namespace, callId: id, text } = item;
  const kind = item.type === 'custom_tool_call' ? 'custom' : 'function';
  return {
    item: { ...item, index: next },
    next: next + 1,
    events: [
      { type: 'part-start', index: next, part: { type: 'tool-call', id, name, kind, ...given({ namespace }) } },
      ...(text === '' ? [] : [{ type: 'arguments-delta', index: next, text } as const]),
    ],
  };
}

export function growCall(item: OpenItem, next: number, delta: string): Told {
  const grown = { ...item, text: item.text + delta };
  const { index } = item;
  const events = index === undefined || delta === '' ? [] : [{ type: 'arguments-delta', index, text: delta } as const];
  return { item: grown, next, events };
}

/** What a text told whole adds to what its deltas have told. */
export const restOf = (whole: string | null | undefined, told: string): string =>
  whole?.startsWith(told) ? whole.slice(told.length) : '';

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

/** Ends an item with what is told of it whole: state, and whatever its deltas left out. */
export function endItem(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  if (item.isDone) return { item, next, events: [] };
  const known = whole ? { ...item, ...identityOf(item, whole) } : item;
  const told = endBody(known, next, whole);
  return { ...told, item: { ...told.item, isDone: true } };
}

const identityOf = (item: OpenItem, whole: WireOutputItem) => ({
  name: item.name || (whole.name ?? ''),
  callId: item.callId ?? whole.call_id ?? whole.id ?? undefined,
  namespace: item.namespace ?? whole.namespace ?? undefined,
  phase: item.phase ?? whole.phase ?? undefined,
  id: item.id ?? whole.id ?? undefined,
});

function endBody(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  if (item.type === 'message') return endMessage(item, next, whole);
  if (item.type === 'reasoning') return endReasoning(item, next, whole);
  if (isCall(item)) return endCall(item, next, whole);
  if (!whole) return { item, next, events: [] };
  const parts = outputItemToIr(whole).map(withoutRaw);
  const events = parts.flatMap((part, offset): readonly StreamEvent[] =>
    part.type === 'server-tool-call' ||
    part.type === 'server-tool-result' ||
    part.type === 'media' ||
    part.type === 'opaque'
      ? [{ type: 'part-whole', index: next + offset, part }]
      : [],
  );
  return { item, next: next + events.length, events };
}

function endMessage(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  const content = typeof whole?.content === 'string' ? [{ text: whole.content }] : (whole?.content ?? []);
  let told: Told = { item, next, events: [] };
  const places = new Set([...Object.keys(item.said).map(Number), ...content.keys()]);
  for (const place of [...places].sort((a, b) => a - b)) {
    const more = endSaid(told.item, told.next, place, content[place]);
    told = { ...more, events: [...told.events, ...more.events] };
  }
  return told;
}

function endReasoning(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
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

function endCall(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  const rest = whole ? restOf(argumentsOf(whole), item.text) : '';
  const none = item.text === '' && rest === '' && item.type === 'function_call';
  const grown = growCall(item, next, none ? '{}' : rest);
  const begun = beginCall(grown.item, next);
  const { index } = begun.item;
  const end = index === undefined ? [] : [{ type: 'part-end', index } as const];
  return { ...begun, events: [...grown.events, ...begun.events, ...end] };
}

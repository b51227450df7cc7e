import type { ResponsePart, StreamEvent } from '@bytespike/ir';

import {
  addItem,
  annotate,
  endSegment,
  finishItem,
  finishPart,
  holdCitation,
  replaceItem,
  sayText,
  startSaying,
  think,
  type Output,
  type Written,
} from './encode-item.js';
import { annotationOf, isRanged, type CallItem, type OutputItem, type ReasoningItem } from './output-items.js';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;
type Start = Extract<PartEvent, { type: 'part-start' }>;

export interface Writer {
  /** What item ids are made of. */
  readonly base: string;
  readonly shows: 'summary' | 'content';
}

const placed = ([output, events]: Written, index: number, item: number, content = 0): Written => [
  { ...output, parts: { ...output.parts, [index]: { item, content } } },
  events,
];

/** Begins the item that a growing part becomes, or the next part of the message being written. */
export function startPart(output: Output, { index, part }: Start, { base, shows }: Writer): Written {
  if (part.type === 'text' || part.type === 'refusal') {
    const type = part.type === 'text' ? 'output_text' : 'refusal';
    const phase = part.type === 'text' ? part.phase : undefined;
    const [opened, events, { item, content }] = startSaying(output, { base, type, phase });
    return placed([opened, events], index, item, content);
  }
  const at = output.items.length;
  if (part.type === 'reasoning') {
    const slot = part.visibility === 'full' ? shows : 'summary';
    const id = part.itemId ?? `rs_${base}_${at}`;
    const item: ReasoningItem = {
      kind: 'reasoning',
      id,
      isDone: false,
      slot,
      segments: [],
      segment: 0,
      state: undefined,
    };
    return placed(addItem(output, item), index, at);
  }
  const { kind: form, id: callId, name, namespace } = part;
  const id = `${form === 'custom' ? 'ctc' : 'fc'}_${base}_${at}`;
  const call: CallItem = { kind: 'call', id, isDone: false, form, callId, name, namespace, text: '' };
  return placed(addItem(output, call), index, at);
}

/** Adds to the item a part became. */
export function writePart(output: Output, event: Exclude<PartEvent, { type: 'part-start' | 'part-whole' }>): Written {
  const place = output.parts[event.index];
  const item = place && output.items[place.item];
  if (!item) return [output, []];
  const { item: at, content } = place;
  switch (event.type) {
    case 'text-delta':
      return item.kind === 'message' ? sayText(output, at, item, content, event.text) : [output, []];
    case 'citation': {
      if (item.kind !== 'message') return [output, []];
      if (!isRanged(event.citation)) return [holdCitation(output, at, item, content, event.citation), []];
      const annotation = annotationOf(event.citation, '');
      return annotation ? annotate(output, at, item, content, annotation) : [output, []];
    }
    case 'reasoning-delta':
      return item.kind === 'reasoning' ? think(output, at, item, event.segment, event.text) : [output, []];
    case 'arguments-delta':
      return item.kind === 'call' ? writeArguments(output, at, item, event.text) : [output, []];
    case 'capsule': {
      const { origin, data } = event.capsule;
      if (item.kind !== 'reasoning' || origin.protocol !== 'openai-responses' || data === '') return [output, []];
      return [replaceItem(output, at, { ...item, state: data }), []];
    }
    case 'part-end':
      return endPart(output, at, item, content);
  }
}

const argumentsEvent = (item: CallItem, at: number, moment: 'delta' | 'done') => ({
  type: `response.${item.form === 'custom' ? 'custom_tool_call_input' : 'function_call_arguments'}.${moment}`,
  item_id: item.id,
  output_index: at,
});

function writeArguments(output: Output, at: number, item: CallItem, text: string): Written {
  if (text === '') return [output, []];
  return [
    replaceItem(output, at, { ...item, text: item.text + text }),
    [{ ...argumentsEvent(item, at, 'delta'), delta: text }],
  ];
}

function endPart(output: Output, at: number, item: OutputItem, content: number): Written {
  if (item.kind === 'message') return finishPart(output, at, item, content);
  const told =
    item.kind === 'reasoning' ? endSegment(item, at)[1] : item.kind === 'call' ? [argumentsTold(item, at)] : [];
  const [done, events] = finishItem(output, at);
  return [done, [...told, ...events]];
}

const argumentsTold = (item: CallItem, at: number) => ({
  ...argumentsEvent(item, at, 'done'),
  ...(item.form === 'custom' ? { input: item.text } : { arguments: item.text }),
});

const searchEvent = (moment: string, id: string, at: number) => ({
  type: `response.web_search_call.${moment}`,
  output_index: at,
  item_id: id,
});

/** A part that came in one piece; what has no item on this wire is left out. */
export function wholePart(output: Output, { part }: Extract<PartEvent, { type: 'part-whole' }>, base: string): Written {
  if (part.type === 'server-tool-result') return endSearch(output, part);
  const at = output.items.length;
  if (part.type === 'server-tool-call') {
    if (part.family !== 'web-search') return [output, []];
    const id = part.id.startsWith('ws_') ? part.id : `ws_${base}_${at}`;
    const item: OutputItem = { kind: 'search', id, isDone: false, call: part, result: undefined };
    const [added, events] = addItem(output, item);
    return [added, [...events, searchEvent('in_progress', id, at), searchEvent('searching', id, at)]];
  }
  const value = part.type === 'opaque' ? ownItem(part) : imageItem(part, `ig_${base}_${at}`);
  if (!value) return [output, []];
  const id = typeof value['id'] === 'string' ? value['id'] : `item_${base}_${at}`;
  const [added, begin] = addItem(output, { kind: 'whole', id, isDone: false, value: { ...value, id } });
  const [done, end] = finishItem(added, at);
  return [done, [...begin, ...end]];
}

/** The result of a search ends the item of its call. */
function endSearch(output: Output, result: Extract<ResponsePart, { type: 'server-tool-result' }>): Written {
  const at = output.items.findIndex((item) => item.kind === 'search' && !item.isDone && item.call.id === result.callId);
  const item = output.items[at];
  if (item?.kind !== 'search') return [output, []];
  const [done, events] = finishItem(replaceItem(output, at, { ...item, result }), at);
  return [done, [searchEvent('completed', item.id, at), ...events]];
}

const ownItem = (part: Extract<ResponsePart, { type: 'opaque' }>) =>
  part.protocol === 'openai-responses' ? part.data : undefined;

function imageItem(part: Extract<ResponsePart, { type: 'media' }>, id: string) {
  if (part.raw?.protocol === 'openai-responses') return part.raw.value;
  const { kind, source } = part;
  if (kind !== 'image' || source.type !== 'inline') return undefined;
  const output_format = source.mediaType.replace('image/', '');
  return { id, type: 'image_generation_call', status: 'completed', result: source.base64, output_format };
}

import type { ResponsePart, StreamEvent } from '@bytespike/ir';

import { cutsCalls } from '../cut-calls.js';
import { given } from '../given.js';
import type { StreamStep } from '../protocol.js';
import { endBareCall, isCall } from './decode-call.js';
import { changeOf, type ItemChange } from './decode-event.js';
import { endItem } from './decode-item.js';
import { beginReasoning } from './decode-reasoning.js';
import { openItem, type OpenItem, type Told } from './open-item.js';
import { isBareError, isKnownEvent, type WireChunk, type WireEvent, type WireOutputItem } from './schema-events.js';
import { findFailure, findUnfinished, finishToIr, failureOf, tierToIr } from './to-ir.js';
import { usageToIr } from './usage.js';

export interface Decoding {
  readonly started: boolean;
  /** The items told of so far, in the order they began. */
  readonly items: readonly OpenItem[];
  /** Index of the next part. */
  readonly next: number;
  readonly tier: string | undefined;
  readonly ended: boolean;
}

type Step = readonly [Decoding, readonly StreamEvent[]];
type Event<T extends WireEvent['type']> = Extract<WireEvent, { readonly type: T }>;

const failed = (state: Decoding, told: WireChunk): Step => [
  { ...state, ended: true },
  [{ type: 'error', ...failureOf(told) }],
];

const garbled = (state: Decoding, message: string): Step => [
  { ...state, ended: true },
  [{ type: 'error', kind: 'upstream-garbled', message }],
];

/** The response's own data, told once; a server that begins with an item is taken to have begun. */
function begin(state: Decoding, response: Event<'response.created'>['response'] | undefined): Step {
  if (state.started) return [state, []];
  const { id, model, created_at: createdAt } = response ?? {};
  const tier = response && tierToIr(response);
  return [{ ...state, started: true, tier }, [{ type: 'response-start', ...given({ id, model, createdAt, tier }) }]];
}

/** Changes the item with this number, which begins here if nothing has been told of it. */
function atItem(state: Decoding, wireIndex: number, { type, item, change }: ItemChange): Step {
  const known = state.items.find((other) => other.wireIndex === wireIndex);
  if (known?.isDone) return [state, []];
  const hushed = known ? { state, events: [] } : beforeNext(state);
  const { item: changed, next, events } = change(known ?? openItem(wireIndex, type, item), hushed.state.next);
  const items = known
    ? state.items.map((other) => (other === known ? changed : other))
    : [...hushed.state.items, changed];
  return [{ ...hushed.state, items, next }, [...hushed.events, ...events]];
}

/** What was told before another item begins is over: a call without arguments has none. */
function beforeNext(state: Decoding): ReturnType<typeof hush> {
  const [whole, ends] = endBareCalls(state, '{}');
  const hushed = hush(whole);
  return { ...hushed, events: [...ends, ...hushed.events] };
}

/** Reasoning that nothing has been seen of begins before the next item does, so that parts keep their order. */
function hush(state: Decoding): { readonly state: Decoding; readonly events: readonly StreamEvent[] } {
  const silent = state.items.find((item) => item.type === 'reasoning' && !item.isDone && item.index === undefined);
  if (!silent) return { state, events: [] };
  const { item, next, events } = beginReasoning(silent, state.next, 'summary');
  return { state: { ...state, next, items: state.items.map((other) => (other === silent ? item : other)) }, events };
}

/** Ends the calls that came without arguments, with what they are. */
function endBareCalls(state: Decoding, text: '{}' | ''): Step {
  const events: StreamEvent[] = [];
  const items = state.items.map((item) => {
    if (!item.isBare) return item;
    const ended = endBareCall(item, text);
    events.push(...ended.events);
    return ended.item;
  });
  return events.length === 0 ? [state, []] : [{ ...state, items }, events];
}

/** The items of the last event, each with what has been told of it: by its id, its call, or else its kind. */
function reconcile(state: Decoding, output: readonly WireOutputItem[]): Step {
  let current = state;
  const events: StreamEvent[] = [];
  const left = new Set(state.items);
  output.forEach((item, position) => {
    const found =
      [...left].find(({ id, callId }) => (item.id && item.id === id) || (item.call_id && item.call_id === callId)) ??
      [...left].find(({ type }) => type === item.type);
    if (found) left.delete(found);
    const at = found?.wireIndex ?? Number.MAX_SAFE_INTEGER - position;
    const change = (known: OpenItem, index: number): Told => endItem(known, index, item);
    const [next, more] = atItem(current, at, { type: item.type, item, change });
    current = next;
    events.push(...more);
  });
  for (const { wireIndex, type } of left) {
    const change = (known: OpenItem, index: number): Told => endItem(known, index, undefined);
    const [next, more] = atItem(current, wireIndex, { type, change });
    current = next;
    events.push(...more);
  }
  return [current, events];
}

function finish(state: Decoding, { response }: Event<'response.completed' | 'response.incomplete'>): Step {
  const unfinished = findUnfinished(response);
  if (unfinished) return [{ ...state, ended: true }, [{ type: 'error', ...unfinished }]];
  const [told, ends] = reconcile(state, response.output ?? []);
  const ended = finishToIr(response, told.items.flatMap(partOf));
  const [whole, bareEnds] = endBareCalls(told, cutsCalls(ended) ? '' : '{}');
  const parts = whole.items.flatMap(partOf);
  const failure = findFailure(ended, parts);
  if (failure) return garbled(whole, failure);
  const usage = usageToIr(response);
  const tier = tierToIr(response);
  return [
    { ...whole, ended: true },
    [
      ...ends,
      ...bareEnds,
      ...(usage ? [{ type: 'usage', usage } as const] : []),
      ...(tier !== undefined && tier !== state.tier ? [{ type: 'tier', tier } as const] : []),
      { type: 'finish', finish: ended },
      { type: 'response-end' },
    ],
  ];
}

/** What of an item decides how the answer ended. */
function partOf(item: OpenItem): readonly ResponsePart[] {
  if (isCall(item))
    return [
      {
        type: 'tool-call',
        id: item.callId ?? '',
        name: item.name,
        kind: item.type === 'custom_tool_call' ? 'custom' : 'function',
        argumentsText: item.text,
      },
    ];
  return item.refused ? [{ type: 'refusal', text: '' }] : [];
}

function step(state: Decoding, chunk: WireChunk): Step {
  if (state.ended) return [state, []];
  if (isBareError(chunk)) return failed(state, chunk);
  if (!isKnownEvent(chunk)) return [state, []];
  if (chunk.type === 'error' || chunk.type === 'response.failed') return failed(state, chunk);
  if (chunk.type === 'response.created' || chunk.type === 'response.queued' || chunk.type === 'response.in_progress')
    return begin(state, chunk.response);
  const isEnd = chunk.type === 'response.completed' || chunk.type === 'response.incomplete';
  const [begun, start] = begin(state, isEnd ? chunk.response : undefined);
  const change = isEnd ? undefined : changeOf(chunk);
  const [next, events] = isEnd
    ? finish(begun, chunk)
    : change
      ? atItem(begun, chunk.output_index, change)
      : ([begun, []] as const);
  return [next, [...start, ...events]];
}

export const decode: StreamStep<WireChunk, StreamEvent, Decoding> = {
  start: () => ({ started: false, items: [], next: 0, tier: undefined, ended: false }),
  step,
  end: (state) =>
    state.ended
      ? []
      : [{ type: 'error', kind: 'upstream-garbled', message: 'The stream ended without its last event.' }],
};

import type { JsonObject, Usage } from '@bytespike/kernel';
import type { Finish, GenerateRequest, StreamEvent } from '@bytespike/ir';

import type { StreamStep } from '../protocol.js';
import { startPart, wholePart, writePart } from './encode-part.js';
import { closeItems, say, type Output, type Written } from './encode-item.js';
import { IN_ORDER, oneAtATime, type Order } from './one-at-a-time.js';
import { echoOf, endOf, NO_ENVELOPE, openEnvelope, responseObject, type Envelope } from './response-object.js';
import { wireItem } from './output-items.js';
import type { WireChunk } from './schema-events.js';

export interface Encoding {
  readonly envelope: Envelope;
  /** What every response repeats of its request. */
  readonly echo: JsonObject;
  /** Whether the client asked for a summary of the reasoning: then that is where it looks for it. */
  readonly shows: 'summary' | 'content';
  readonly tier: string | undefined;
  readonly usage: Usage | undefined;
  readonly finish: Finish | undefined;
  readonly output: Output;
  readonly order: Order;
  /** Number of the next event. */
  readonly sequence: number;
}

type Step = readonly [Encoding, readonly WireChunk[]];
type PartEvent = Extract<StreamEvent, { readonly index: number }>;
type Unnumbered = JsonObject & { readonly type: string };

/** The events with their numbers, which rise through the whole stream. */
function numbered(state: Encoding, events: readonly Unnumbered[]): Step {
  const chunks = events.map(({ type, ...rest }, offset) => ({
    type,
    sequence_number: state.sequence + offset,
    ...rest,
  }));
  return [{ ...state, sequence: state.sequence + events.length }, chunks];
}

function progressOf(state: Encoding) {
  const { envelope, echo, tier, usage, finish, output } = state;
  const refused = output.items.some(
    (item) => item.kind === 'message' && item.content.some(({ type, text }) => type === 'refusal' && text !== ''),
  );
  return { envelope, echo, tier, usage, finish, refused, output: output.items.map((item) => wireItem(item, 'done')) };
}

const lifecycle = (type: string, state: Encoding, at: 'begin' | 'end'): Unnumbered => ({
  type,
  response: responseObject(progressOf(state), at) as JsonObject,
});

function begin(state: Encoding, event: Extract<StreamEvent, { type: 'response-start' }>): Step {
  const begun = { ...state, envelope: openEnvelope(event), tier: event.tier };
  return numbered(begun, [
    lifecycle('response.created', begun, 'begin'),
    lifecycle('response.in_progress', begun, 'begin'),
  ]);
}

/** A refusal that came without words is given the vendor's reason for its words; a filter's reason is none. */
function explain(state: Encoding): readonly [Output, readonly Unnumbered[]] {
  const { finish, output } = state;
  const { explanation, by } = (finish?.reason === 'refusal' && finish.refusal) || {};
  return explanation && by !== 'filter' && output.items.length === 0
    ? say(output, idBase(state), explanation)
    : [output, []];
}

function end(state: Encoding): Step {
  const [explained, words] = explain(state);
  const [output, events] = closeItems(explained);
  const closed = { ...state, output };
  const { status } = endOf(progressOf(closed));
  return numbered(closed, [...words, ...events, lifecycle(`response.${status}`, closed, 'end')]);
}

/** Ids longer than 64 are refused when they come back, and what is put around the base needs some of them. */
const ID_BASE_MAX = 48;

/** What item ids are made of: the response's own, so that the same response always has the same ids. */
const idBase = ({ envelope }: Encoding): string => (envelope.id ?? '').replace(/^resp_/, '').slice(-ID_BASE_MAX);

function writeParts(state: Encoding, ready: readonly PartEvent[]): Written {
  const writer = { base: idBase(state), shows: state.shows };
  let { output } = state;
  const events: Unnumbered[] = [];
  for (const event of ready) {
    const [next, more] =
      event.type === 'part-start'
        ? startPart(output, event, writer)
        : event.type === 'part-whole'
          ? wholePart(output, event, writer.base)
          : writePart(output, event);
    output = next;
    events.push(...more);
  }
  return [output, events];
}

function step(state: Encoding, event: StreamEvent): Step {
  if ('index' in event) {
    const [order, ready] = oneAtATime(state.order, event);
    const [output, events] = writeParts(state, ready);
    return numbered({ ...state, order, output }, events);
  }
  switch (event.type) {
    case 'response-start':
      return begin(state, event);
    case 'usage':
      return [{ ...state, usage: event.usage }, []];
    case 'tier':
      return [{ ...state, tier: event.tier }, []];
    case 'finish':
      return [{ ...state, finish: event.finish }, []];
    case 'response-end':
      return end(state);
    case 'ping':
    case 'error':
      return [state, []];
  }
}

export const encode: StreamStep<StreamEvent, WireChunk, Encoding, GenerateRequest> = {
  start: (asked) => ({
    envelope: NO_ENVELOPE,
    echo: echoOf(asked),
    shows: asked?.reasoning?.show === 'summary' ? 'summary' : 'content',
    tier: undefined,
    usage: undefined,
    finish: undefined,
    output: { items: [], parts: {} },
    order: IN_ORDER,
    sequence: 0,
  }),
  step,
  end: () => [],
};

import type { GenerateRequest, Loss } from '@bytespike/ir';
import { assert } from '@bytespike/kernel';

import { markedBody } from '../exact-json.js';
import { clientPaths, unreadFields } from '../losses.js';
import { PROTOCOL_OWNERS } from '../owners.js';
import { assertReadable } from './assert-readable.js';
import { conversationLosses } from './conversation.js';
import type { ExchangeOptions } from './exchange-options.js';
import { readBody } from './read-body.js';
import { openCapsules } from './reasoning/open-capsules.js';
import type { Reader } from './reasoning/reader.js';
import { callsWithoutReasoning, recallReasoning } from './reasoning/remembered-reasoning.js';
import { withoutState } from './reasoning/unverified-state.js';
import { withVendorIds } from './tools/call-ids.js';
import { fitTools } from './tools/tool-forms.js';
import type { Translatable } from './translatable.js';
import { translateStream, type TranslatedStream } from './translate-stream.js';
import { translateWhole, type TranslatedAnswer, type TranslatedWhole } from './translate-whole.js';
import { TRANSLATABLE } from './translations.js';
import type { Way } from './way.js';
import { writeRequest } from './write-request.js';

export type { ExchangeOptions } from './exchange-options.js';

/** One request on its way to a vendor in another dialect, and what its answer needs to come back. */
export interface Exchange {
  /** The vendor's request body. */
  readonly body: string;
  /** What the request lost, in the words of the client's own body. */
  readonly losses: readonly Loss[];
  /** A whole answer in the client's dialect, of a vendor that is not asked to go on. Throws `upstream-garbled`. */
  answer(body: string): TranslatedAnswer;
  /** The same of a vendor that pauses and is asked to go on, in so many calls at most. */
  whole(roundsMax: number): TranslatedWhole;
  /** A streamed answer, by default of a vendor that is not asked to go on. */
  stream(roundsMax?: number): TranslatedStream;
  /**
   * The same without the state that its vendor says it cannot verify (T41), or `undefined` where the vendor says
   * something else or was sent none.
   */
  afterRefusal(message: string): Exchange | undefined;
}

/** What was remembered of the calls that a reading asked for; `unreachable` where nobody could say. */
export type Remembered = ReadonlyMap<string, string> | 'unreachable';

/** A client's body, understood: what must be remembered of its calls, and the exchange it becomes with that. */
export interface Reading {
  /** Ids of calls that came back without the reasoning their vendor wants. Usually none. */
  readonly forgotten: readonly string[];
  open(remembered: Remembered): Exchange;
}

/** Reads a client's body. Throws `invalid-request`, or `unsupported` for a missing protocol. */
export function readExchange(body: string, options: ExchangeOptions): Reading {
  const client = TRANSLATABLE[options.client];
  const target = TRANSLATABLE[options.target];
  const asked: GenerateRequest = { ...client.readRequest(readBody(markedBody(body))), stream: options.stream };
  assertReadable(asked, clientPaths(client, asked));
  const { vendor, channel, clientState } = options;
  const reader: Reader = { protocol: target.name, vendor, ...(channel !== undefined && { channel }) };
  const request = openCapsules(asked, reader, options.signer);
  const remembers = remembersFor(asked, client, target, options);
  const told = clientState ? { ...asked, state: clientState } : asked;
  const way = { client, target, asked: told, reader, remembers, options };
  const forgotten = remembers === 'yes' ? callsWithoutReasoning(request, reader) : [];
  return {
    forgotten,
    open: (remembered) => openRead(recalled(request, forgotten, remembered, reader), way),
  };
}

/** Reads a client's body and writes the vendor's, with nothing remembered. Throws as `readExchange` does. */
export const openExchange = (body: string, options: ExchangeOptions): Exchange =>
  readExchange(body, options).open(new Map());

/**
 * Reasoning is remembered for clients that may not hand it back, if the vendor wants it back (protocols 2.6). Between a
 * wire's own clients and its owner nothing is: what they lose of each other's state, they lose without us.
 */
function remembersFor(
  asked: GenerateRequest,
  { name, reasoning }: Translatable,
  target: Translatable,
  { vendor, upstreamModel }: ExchangeOptions,
): Way['remembers'] {
  if (name === target.name && PROTOCOL_OWNERS[name] === vendor) return 'no';
  const mayBeLost = reasoning.handedBack === 'perhaps' || reasoning.given(asked) !== 'all';
  return mayBeLost && target.reasoning.takesBack(vendor, upstreamModel) ? 'yes' : 'no';
}

interface Recalled {
  readonly request: GenerateRequest;
  readonly losses: readonly Loss[];
}

function recalled(
  request: GenerateRequest,
  forgotten: readonly string[],
  remembered: Remembered,
  reader: Reader,
): Recalled {
  if (remembered !== 'unreachable') return { request: recallReasoning(request, remembered, reader), losses: [] };
  const path = forgotten.length > 0 ? pathOfCall(request, forgotten[0] ?? '') : undefined;
  return { request, losses: path === undefined ? [] : [{ code: 'L40', path, effect: 'dropped' }] };
}

function pathOfCall({ turns }: GenerateRequest, id: string): string {
  const turn = turns.findIndex(({ parts }) => parts.some((part) => part.type === 'tool-call' && part.id === id));
  return `turns.${turn}`;
}

function openRead(
  { request, losses: unremembered }: Recalled,
  way: Omit<Way, 'tools' | 'fitted' | 'written'>,
): Exchange {
  const { client, target, asked, options } = way;
  const { vendor, upstreamModel } = options;
  const tools = fitTools(request, { rule: target.names.tool, ...target.toolForms(vendor, upstreamModel) });
  const fitted = withVendorIds(tools.request, target.names.call);
  const written = writeRequest(fitted, target, options);
  const inClientsWords = clientPaths(client, asked);
  const all = [
    ...conversationLosses(asked),
    ...unremembered,
    ...tools.losses,
    ...foreignLosses(asked, client, options),
    ...written.losses,
  ];
  const full: Way = { ...way, tools, fitted, written };
  return {
    body: written.body,
    losses: withoutRepeats(all.map((loss) => ({ ...loss, path: inClientsWords(loss.path) }))),
    answer: (answer) => {
      const told = translateWhole(full, 1).push(answer);
      assert(told, 'an answer in one round has an end');
      return told;
    },
    whole: (roundsMax) => translateWhole(full, roundsMax),
    stream: (roundsMax = 1) => translateStream(full, roundsMax),
    afterRefusal: (message) => {
      if (!target.reasoning.unverified?.test(message)) return undefined;
      const bare = withoutState(request);
      return bare && openRead({ request: bare.request, losses: [...unremembered, ...bare.losses] }, way);
    },
  };
}

/** Two steps may lose the same thing; it is told once. */
function withoutRepeats(losses: readonly Loss[]): readonly Loss[] {
  const seen = new Set<string>();
  return losses.filter(({ code, path }) => {
    const told = `${code} ${path}`;
    const first = !seen.has(told);
    seen.add(told);
    return first;
  });
}

/** Fields and headers that only the client's own protocol understands; of a look-alike's reader its encoder tells. */
function foreignLosses(asked: GenerateRequest, client: Translatable, { target, headers }: ExchangeOptions): Loss[] {
  if (target === client.name) return [];
  return [
    ...unreadFields(asked.extensions?.[client.name], client.foreignFields),
    ...client.featureHeaders
      .filter((name) => headers[name])
      .map((name) => ({ code: 'L85', path: name, effect: 'dropped' }) as const),
  ];
}

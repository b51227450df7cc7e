import type { ProtocolName } from '@bytespike/kernel';

import { applyEdits, renameModel } from '../peek/edits.js';
import { WIRES } from '../registry.js';
import { openExchange, type Exchange, type ExchangeOptions } from '../translation/exchange.js';
import { CURIOUS_REQUESTS } from './client-requests.js';
import { dataItems } from './client-streams.js';
import { between, VENDORS } from './pairs.js';
import { SDK_FOLDS } from './sdk-folds.js';
import { asClientSees, translateStream, type Translated } from './translate-stream.js';
import { vendorBytes } from './vendor-bytes.js';

/** The four protocols by the letters in which the reference names its routes (protocols 3). */
export const A: ProtocolName = 'anthropic-messages';
export const R: ProtocolName = 'openai-responses';
export const C: ProtocolName = 'openai-chat';
export const G: ProtocolName = 'gemini-generate';

/** A client of one protocol on its way to a vendor of another: by default the owner of that protocol. */
export function route(client: ProtocolName, target: ProtocolName, vendor?: string): ExchangeOptions {
  const found = VENDORS[target].find((one) => one.vendor === (vendor ?? VENDORS[target][0].vendor));
  if (!found) throw new Error(`${vendor} does not sell ${target}`);
  return { ...between({ client, target }, found), stream: false };
}

/** A request of the client with these fields of its own beside what it must hold. */
export const ask = (way: ExchangeOptions, fields: object = {}): Exchange =>
  openExchange(JSON.stringify({ ...CURIOUS_REQUESTS[way.client], ...fields }), way);

/** A value inside a body: `messages.1.content.0.type`, or the whole of it. */
export function at(body: unknown, path = ''): unknown {
  return path
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}

/** What the vendor is sent. */
export const sent = (exchange: Exchange, path = ''): unknown => at(JSON.parse(exchange.body), path);

/** What the client is told of a whole answer. */
export const told = (way: ExchangeOptions, answer: object, fields: object = {}): object =>
  JSON.parse(ask(way, fields).answer(JSON.stringify(answer)).body) as object;

/** What the client is sent of a stream. */
export const streamed = (way: ExchangeOptions, chunks: readonly unknown[], fields: object = {}): Translated =>
  translateStream(JSON.stringify({ ...CURIOUS_REQUESTS[way.client], ...fields }), way, [
    vendorBytes(way.target, chunks),
  ]);

/** The chunks the client is sent of a stream. */
export const received = (way: ExchangeOptions, chunks: readonly unknown[], fields: object = {}) =>
  dataItems(asClientSees(way.client, streamed(way, chunks, fields)));

/** The answer as the official SDK of the client folds it from the stream. */
export async function folded(way: ExchangeOptions, chunks: readonly unknown[], fields: object = {}): Promise<object> {
  const [judge] = SDK_FOLDS[way.client];
  if (!judge) throw new Error(`no SDK for ${way.client}`);
  return (await judge.fold(asClientSees(way.client, streamed(way, chunks, fields)))) as object;
}

/** Losses as `L40 messages.1.content.0`. */
export const lost = ({ losses }: Exchange): readonly string[] => losses.map(({ code, path }) => `${code} ${path}`);

/** The body as the raw lane sends it: every byte the client's, but for the name of the model. */
export function sentRaw(protocol: ProtocolName, body: object, upstreamModel: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const edit = renameModel(WIRES[protocol].peek(bytes), upstreamModel);
  return new TextDecoder().decode(applyEdits(bytes, edit ? [edit] : []));
}

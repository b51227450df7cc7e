import {
  GatewayError,
  isJsonObject,
  parseJson,
  tryParseJson,
  type JsonObject,
  type ProtocolName,
} from '@bytespike/kernel';

import { openExchange, type ExchangeOptions } from '../translation/exchange.js';
import { readBody } from '../translation/read-body.js';
import { TRANSLATABLE } from '../translation/translations.js';
import { counterOf } from './counters.js';
import { estimateTokens } from './estimate-tokens.js';

/** A count as a vendor is asked for it. */
export interface VendorQuestion {
  readonly body: string;
  /** The number in its answer, `undefined` when there is none. */
  read(answer: string): number | undefined;
}

/** A client's question as the request it is about, whose tokens are to be counted. Throws `invalid-request`. */
function requestOf(client: ProtocolName, body: string): JsonObject {
  const question = readBody(body);
  if (!isJsonObject(question)) throw new GatewayError('invalid-request', 'body: must be an object');
  return counterOf(client)?.asRequest(question) ?? question;
}

/**
 * A client's question in the words of a vendor's counter. What the translation loses refuses nothing here: a count
 * says how long a prompt is, and what is lost is not in it. Throws what `openExchange` throws, and `unsupported` for
 * a wire without a counter.
 */
export function vendorQuestion(body: string, options: Omit<ExchangeOptions, 'stream'>): VendorQuestion {
  const counter = counterOf(options.target);
  if (!counter) throw new GatewayError('unsupported', `There is no counter on ${options.target}.`);
  const request = JSON.stringify(requestOf(options.client, body));
  const written = parseJson(openExchange(request, { ...options, stream: false }).body);
  if (!isJsonObject(written)) throw new TypeError('a request is written as an object');
  return {
    body: JSON.stringify(counter.asQuestion(written, options.upstreamModel)),
    read: (answer) => counter.read(tryParseJson(answer)),
  };
}

/** Our own count of a client's question, within 15% of what vendors count on texts of every kind tried. */
export const estimatedTokens = (client: ProtocolName, body: string): number =>
  estimateTokens(TRANSLATABLE[client].readRequest(requestOf(client, body)));

/** A number as a client reads it. */
export function countAnswer(client: ProtocolName, tokens: number): string {
  const counter = counterOf(client);
  if (!counter) throw new GatewayError('unsupported', `Tokens are not counted on ${client}.`);
  return JSON.stringify(counter.write(tokens));
}

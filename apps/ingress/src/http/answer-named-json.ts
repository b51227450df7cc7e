import { fillAccounting } from '../account-headers.js';
import { authenticate } from '../authenticate.js';
import type { Gateway } from '../gateway.js';
import { answerOnce } from '../idempotency/answer-once.js';
import { readIdempotencyKey } from '../idempotency/idempotency-key.js';
import { readAccountBody, requireManager } from '../manage-account.js';
import { COMPLETE } from '../observe.js';
import { answeringJson, jsonAnswer, type WrittenBody } from './answer-json.js';
import type { Exchange } from './exchange.js';
import type { Serve } from './route.js';
import { writeAnswer } from './write-answer.js';

export interface NamedAnswer {
  readonly status: number;
  /** What a repeat gets: the same answer, or a word that it was given. */
  readonly repeats: 'same' | 'given-once';
  /** Whose names of requests these are: of a key, or of an account. */
  readonly scopeOf: (exchange: Exchange, gateway: Gateway) => Promise<string>;
  /** Reads the body and remembers it, for who produces the answer; as one of the account surface unless told. */
  readonly readBody?: (exchange: Exchange, gateway: Gateway) => Promise<Uint8Array>;
}

/** For what only a management key may do. */
export const accountScope: NamedAnswer['scopeOf'] = async (exchange, gateway) =>
  `account ${await requireManager(exchange, gateway)}`;

/** For what any key may do. */
export const keyScope: NamedAnswer['scopeOf'] = async (exchange, gateway) =>
  (await authenticate(exchange, gateway)).keyId;

/** A change that is made once for all requests that bring the same `Idempotency-Key` (contract 0.5). */
export function answeringNamedJson(
  route: string,
  produce: (exchange: Exchange, gateway: Gateway) => Promise<object | WrittenBody>,
  { status, repeats, scopeOf, readBody = readAccountBody }: NamedAnswer,
): Serve {
  const unnamed = answeringJson(produce, status);
  return async (exchange, gateway) => {
    const clientKey = readIdempotencyKey(exchange.request.headers);
    if (clientKey === undefined) return unnamed(exchange, gateway);
    const keyId = await scopeOf(exchange, gateway);
    const body = await readBody(exchange, gateway);
    const request = { clientKey, keyId, route, settings: [exchange.resource], body, stream: false };
    return answerOnce(exchange, request, gateway, async (keeping) => {
      const answer = jsonAnswer(await produce(exchange, gateway), status);
      await fillAccounting(exchange, gateway);
      writeAnswer(exchange, { ...answer, headers: [...(exchange.accounting ?? []), ...answer.headers] });
      await keeping.keep(repeats === 'same' ? answer : repeats);
      return COMPLETE;
    });
  };
}

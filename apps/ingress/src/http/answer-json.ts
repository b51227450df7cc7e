import { fillAccounting } from '../account-headers.js';
import type { Gateway } from '../gateway.js';
import { COMPLETE } from '../observe.js';
import type { Exchange } from './exchange.js';
import type { Serve } from './route.js';
import { writeAnswer } from './write-answer.js';

/** An answer that another service has written. */
export interface WrittenBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

const isWritten = (value: object): value is WrittenBody => 'bytes' in value && value.bytes instanceof Uint8Array;

/** A route whose answer is one JSON value, written already or not (or a stream that is), with the accounting headers that every answer carries (contract 0.4). */
export const answeringJson =
  (produce: (exchange: Exchange, gateway: Gateway) => Promise<object | WrittenBody>, status = 200): Serve =>
  async (exchange, gateway) => {
    const value = await produce(exchange, gateway);
    await fillAccounting(exchange, gateway);
    const answer = jsonAnswer(value, status);
    writeAnswer(exchange, { ...answer, headers: [...(exchange.accounting ?? []), ...answer.headers] });
    return COMPLETE;
  };

/** One JSON value as an answer. */
export const jsonAnswer = (value: object | WrittenBody, status: number) => ({
  status,
  headers: ['content-type', isWritten(value) ? value.contentType : JSON_TYPE],
  body: isWritten(value) ? value.bytes : Buffer.from(JSON.stringify(value)),
});

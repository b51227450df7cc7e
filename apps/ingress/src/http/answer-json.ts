import { fillAccounting } from '../account-headers.js';
import type { Gateway } from '../gateway.js';
import { COMPLETE } from '../observe.js';
import type { Exchange } from './exchange.js';
import type { Serve } from './route.js';
import { writeAnswer } from './write-answer.js';

/** A route whose answer is one JSON value, written already or not, with the accounting headers that every answer carries (contract 0.4). */
export const answeringJson =
  (produce: (exchange: Exchange, gateway: Gateway) => Promise<object | Uint8Array>, status = 200): Serve =>
  async (exchange, gateway) => {
    const value = await produce(exchange, gateway);
    await fillAccounting(exchange, gateway);
    writeAnswer(exchange, {
      status,
      headers: [...(exchange.accounting ?? []), 'content-type', 'application/json; charset=utf-8'],
      body: value instanceof Uint8Array ? value : JSON.stringify(value),
    });
    return COMPLETE;
  };

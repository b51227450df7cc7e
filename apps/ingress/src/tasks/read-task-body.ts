import { LIMITS, type JsonValue } from '@bytespike/kernel';
import { readBody as readJson } from '@bytespike/protocols';

import type { Exchange } from '../http/exchange.js';
import type { OpenExchanges } from '../http/open-exchanges.js';
import { readBody } from '../http/read-body.js';
import type { Timings } from '../http/timings.js';

export interface TaskBodyPorts {
  readonly timings: Pick<Timings, 'bodyReadMs'>;
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
}

/** A body of the tasks API. Errors: `too-large` (contract 0.1), and those of every body. */
export function readTaskBody(exchange: Exchange, { timings, exchanges }: TaskBodyPorts): Promise<Buffer> {
  const reserve = (bytes: number): void => exchanges.reserve(exchange, bytes);
  const limits = { bytesMax: LIMITS.taskBodyBytesMax, timeoutMs: timings.bodyReadMs, reserve };
  return readBody(exchange.request, exchange.response, limits);
}

/** The same, read from the connection once, and remembered. */
export async function rememberTaskBody(exchange: Exchange, ports: TaskBodyPorts): Promise<Uint8Array> {
  exchange.body ??= await readTaskBody(exchange, ports);
  return exchange.body;
}

/** The same as JSON. Errors: `invalid-request` for what is none, or is nested too deeply. */
export const taskJsonOf = (body: Uint8Array): JsonValue => readJson(Buffer.from(body).toString('utf8'));

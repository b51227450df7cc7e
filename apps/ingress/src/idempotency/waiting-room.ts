import { GatewayError } from '@bytespike/kernel';

import { streamGrammar } from '../http/dialect-errors.js';
import type { Exchange } from '../http/exchange.js';
import { startKeepAlive, type KeepAlive } from '../http/keep-alive.js';
import { beginStream, failBegunStream } from '../http/stream-answer.js';
import type { Timings } from '../http/timings.js';

/** Where a repeat stays until the request it repeats has ended. */
export interface WaitingRoom {
  /** Waits for the promise, or for so long. Throws when the client leaves or its own time is up. */
  wait<T>(limits: { readonly until?: Promise<T>; readonly atMostMs?: number }): Promise<T | undefined>;
  /** Leaves the client to whoever answers it now. */
  leave(): void;
  /** Ends a stream that was begun while it waited; does nothing where a plain status can still be told. */
  failBegun(error: GatewayError): void;
}

/** A streaming client is kept company while it waits, as it would be by an answer of its own. */
export function openWaitingRoom(exchange: Exchange, stream: boolean, timings: Timings): WaitingRoom {
  let keepAlive: KeepAlive | undefined;
  let begun = false;
  const keepCompany = (): KeepAlive =>
    startKeepAlive(exchange, {
      grammar: streamGrammar(exchange),
      begin: (status, headers) => {
        begun = true;
        beginStream(exchange, status, [...(exchange.accounting ?? []), ...headers]);
      },
      mayStandHere: () => true,
      timings,
    });
  return {
    wait: (limits) => {
      if (stream) keepAlive ??= keepCompany();
      return waitFor(exchange, limits);
    },
    leave: () => keepAlive?.stop(),
    failBegun: (error) => {
      if (begun && !exchange.response.writableEnded) failBegunStream(exchange, error, timings);
    },
  };
}

function waitFor<T>(
  exchange: Exchange,
  { until, atMostMs = Infinity }: { readonly until?: Promise<T>; readonly atMostMs?: number },
): Promise<T | undefined> {
  const { signal, deadline } = exchange.context;
  const leftMs = deadline - Date.now();
  return new Promise<T | undefined>((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = (): void => settle(() => reject(GatewayError.from(signal.reason)));
    const onTime = (): void => settle(() => (leftMs > atMostMs ? resolve(undefined) : reject(tooLate())));
    const timer = setTimeout(onTime, Math.max(0, Math.min(atMostMs, leftMs)));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    until?.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(GatewayError.from(error))),
    );
  });
}

const tooLate = (): GatewayError =>
  new GatewayError('unavailable', 'the request that this one repeats has not ended in time');

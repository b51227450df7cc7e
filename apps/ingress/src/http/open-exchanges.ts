import type { Socket } from 'node:net';

import { GatewayError, TransientMap } from '@bytespike/kernel';

import type { Exchange } from './exchange.js';

/** More requests at once than one process serves well; beyond it a caller is better off elsewhere. */
const EXCHANGES_MAX = 20_000;

/** Bodies that are being read or kept, all together: thirty-two of the largest, and half a million of the usual. */
const BODY_BYTES_MAX = 1024 * 1024 * 1024;

/** The exchanges of this process, for limits and for going down. */
export interface OpenExchanges {
  /** Counts an exchange until its work has ended. Throws `unavailable` when there are too many. */
  enter(exchange: Exchange): void;
  leave(exchange: Exchange): void;
  /** Counts body bytes against what the process may keep, until the exchange leaves. Throws `unavailable` beyond. */
  reserve(exchange: Exchange, bytes: number): void;
  /** Whether a request that came on this connection has not got all of its answer yet. */
  isServing(socket: Socket): boolean;
  /** When the oldest that is open began; undefined when none is. */
  oldestStartedAt(): number | undefined;
  /** From now on every answer is the last of its connection. */
  closeConnections(): void;
  /** Ends what still runs with the dialect's error. */
  abortAll(reason: GatewayError): void;
  /** Waits until none is left, up to the limit. */
  idle(limitMs: number): Promise<void>;
}

export function createOpenExchanges(bodyBytesMax = BODY_BYTES_MAX): OpenExchanges {
  const open = new TransientMap<Exchange, number>();
  let bodyBytes = 0;
  let closing = false;
  let waiters: (() => void)[] = [];
  const closeAfter = ({ response }: Exchange): void => {
    // Node writes `Connection: close` from this flag, if the head is not out yet.
    response.shouldKeepAlive = false;
  };
  return {
    enter: (exchange) => {
      if (closing) closeAfter(exchange);
      if (open.size >= EXCHANGES_MAX) throw new GatewayError('unavailable', 'too many requests at once');
      open.set(exchange, 0);
    },
    leave: (exchange) => {
      bodyBytes -= open.get(exchange) ?? 0;
      open.delete(exchange);
      if (open.size > 0) return;
      for (const resolve of waiters) resolve();
      waiters = [];
    },
    reserve: (exchange, bytes) => {
      if (bodyBytes + bytes > bodyBytesMax) throw new GatewayError('unavailable', 'too many large bodies at once');
      bodyBytes += bytes;
      open.set(exchange, (open.get(exchange) ?? 0) + bytes);
    },
    isServing: (socket) => [...open.keys()].some(({ request }) => request.socket === socket),
    // In the order of entering.
    oldestStartedAt: () => open.keys().next().value?.startedAt,
    closeConnections: () => {
      closing = true;
      for (const exchange of open.keys()) closeAfter(exchange);
    },
    abortAll: (reason) => {
      for (const exchange of open.keys()) exchange.abort(reason);
    },
    idle: (limitMs) =>
      new Promise((resolve) => {
        if (open.size === 0) return resolve();
        const timer = setTimeout(resolve, limitMs);
        waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

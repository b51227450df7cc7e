import { GatewayError } from '@bytespike/kernel';

import type { Exchange } from './exchange.js';

/** More requests at once than one process serves well; beyond it a caller is better off elsewhere. */
const EXCHANGES_MAX = 20_000;

/** The exchanges of this process, for limits and for going down. */
export interface OpenExchanges {
  /** Counts an exchange until its work has ended. Throws `unavailable` when there are too many. */
  enter(exchange: Exchange): void;
  leave(exchange: Exchange): void;
  size(): number;
  /** From now on every answer is the last of its connection. */
  closeConnections(): void;
  /** Ends what still runs with the dialect's error. */
  abortAll(reason: GatewayError): void;
  /** Waits until none is left, up to the limit. */
  idle(limitMs: number): Promise<void>;
}

export function createOpenExchanges(): OpenExchanges {
  const open = new Set<Exchange>();
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
      open.add(exchange);
    },
    leave: (exchange) => {
      open.delete(exchange);
      if (open.size > 0) return;
      for (const resolve of waiters) resolve();
      waiters = [];
    },
    size: () => open.size,
    closeConnections: () => {
      closing = true;
      for (const exchange of open) closeAfter(exchange);
    },
    abortAll: (reason) => {
      for (const exchange of open) exchange.abort(reason);
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

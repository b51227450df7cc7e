import type { ServerResponse } from 'node:http';
import type { Connections } from '../record/connections.js';
import type { Exchange } from '../record/recorder.js';

export interface WatchedCaller {
  /** Aborted when the exchange is over, whoever ended it. */
  readonly gone: AbortSignal;
  /** To be called before the simulator itself breaks the connection, so that the caller is not blamed for it. */
  readonly hangingUp: () => void;
}

/** One reason for all: making an exception with its stack for every finished exchange is the dearest thing here. */
const GONE = new Error('the exchange is over');

/** Notices the end of an exchange, and whether it was the caller who ended it. */
export const watchCaller = (
  response: ServerResponse,
  { exchange, connections, now }: { exchange: Exchange; connections: Connections; now: () => number },
): WatchedCaller => {
  const gone = new AbortController();
  let endedBySimulator = false;
  response.once('close', () => {
    exchange.endedAtMs = now();
    if (!response.writableFinished && !endedBySimulator) {
      exchange.closedByPeerAtMs = exchange.endedAtMs;
      connections.closedByPeer(exchange.endedAtMs);
    }
    gone.abort(GONE);
  });
  return {
    gone: gone.signal,
    hangingUp: () => {
      endedBySimulator = true;
    },
  };
};

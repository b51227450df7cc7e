import type { StreamGrammar } from './dialect-errors.js';
import type { Exchange } from './exchange.js';
import type { Timings } from './timings.js';

export interface KeepAlive {
  /** Something has been sent: the silence begins anew. */
  restart(): void;
  stop(): void;
}

export interface KeepAliveParts {
  readonly grammar: Pick<StreamGrammar, 'contentType' | 'keepAlive'>;
  /** Sends the head, when a silence comes before it. */
  readonly begin: (status: number, headers: readonly string[]) => void;
  /** Whether a record of ours may stand where the stream is now. */
  readonly mayStandHere: () => boolean;
  readonly timings: Pick<Timings, 'firstKeepAliveMs' | 'keepAliveEveryMs'>;
}

/** Tells a streaming client from time to time that we are still there: first by the head, then in its grammar. */
export function startKeepAlive({ response }: Pick<Exchange, 'response'>, parts: KeepAliveParts): KeepAlive {
  const { grammar, begin, mayStandHere, timings } = parts;
  let quietSince = Date.now();
  let timer = setTimeout(onSilence, timings.firstKeepAliveMs);
  const stop = (): void => clearTimeout(timer);
  // Whatever ends the connection ends the ticking with it.
  response.once('close', stop);

  function onSilence(): void {
    const dueMs = response.headersSent ? timings.keepAliveEveryMs : timings.firstKeepAliveMs;
    const leftMs = quietSince + dueMs - Date.now();
    if (leftMs > 0) {
      timer = setTimeout(onSilence, leftMs);
      return;
    }
    if (!response.headersSent) begin(200, ['content-type', grammar.contentType]);
    if (grammar.keepAlive && mayStandHere() && !response.writableNeedDrain) response.write(grammar.keepAlive);
    else response.flushHeaders();
    quietSince = Date.now();
    timer = setTimeout(onSilence, timings.keepAliveEveryMs);
  }

  return {
    restart: () => {
      quietSince = Date.now();
    },
    stop,
  };
}

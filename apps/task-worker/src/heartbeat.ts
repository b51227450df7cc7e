import type { billing, ClientFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

import { REPORTER } from './domain/hold-request.js';

export interface HeartbeatParts {
  readonly beat: ClientFor<typeof billing>['heartbeat'];
  /** Age of the oldest task that has not ended; 0 when there is none. */
  readonly oldestOpenMs: () => Promise<number>;
  readonly logger: Pick<Logger, 'warn'>;
}

const RETRY_MS = 1_000;
const ANSWER_MS = 2_000;

/** Tells the ledger that somebody will report how tasks end, for as long as one worker lives. */
export function startHeartbeat({ beat, oldestOpenMs, logger }: HeartbeatParts): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const once = async (): Promise<number> => {
    try {
      const context = { requestId: REPORTER, deadline: Date.now() + ANSWER_MS, signal: AbortSignal.timeout(ANSWER_MS) };
      return (await beat({ reporter: REPORTER, oldestOpenMs: await oldestOpenMs() }, context)).nextMs;
    } catch (error) {
      logger.warn({ kind: GatewayError.from(error).kind }, 'the ledger was not told that tasks are looked after');
      return RETRY_MS;
    }
  };
  const run = (): void => {
    void once().then((nextMs) => {
      if (!isStopped) timer = setTimeout(run, nextMs).unref();
    });
  };
  run();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

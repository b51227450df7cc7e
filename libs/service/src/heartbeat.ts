import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

export interface HeartbeatParts {
  /** How long ago what is oldest began of all that is open, or whose end is not confirmed; 0 when there is nothing. */
  readonly oldestOpenMs: () => number | Promise<number>;
  /** Tells the ledger that its reporter lives; resolves to when it wants to hear so again. */
  readonly beat: (oldestOpenMs: number) => Promise<{ readonly nextMs: number }>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A ledger that is away is told at once when it is back: its silence must not make orphans of what runs here. */
const RETRY_MS = 1_000;

/** Says again and again that somebody lives who will report what it has open (ADR 0020), until it is stopped. */
export function startHeartbeat({ oldestOpenMs, beat, logger }: HeartbeatParts): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const once = async (): Promise<number> => {
    try {
      return (await beat(await oldestOpenMs())).nextMs;
    } catch (error) {
      logger.warn(
        { kind: GatewayError.from(error).kind },
        'the ledger was not told that what is open here has a reporter',
      );
      return RETRY_MS;
    }
  };
  const run = async (): Promise<void> => {
    const nextMs = await once();
    if (!isStopped) timer = setTimeout(() => void run(), nextMs).unref();
  };
  void run();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

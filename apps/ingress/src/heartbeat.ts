import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

export interface HeartbeatParts {
  /** Tells the ledger that this process lives; resolves to when it wants to hear so again. */
  readonly beat: (oldestOpenMs: number) => Promise<{ readonly nextMs: number }>;
  /** When the oldest request began that is open, or whose end is not confirmed. */
  readonly oldestStartedAt: () => number | undefined;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A ledger that is away is told at once when it is back: its silence must not make orphans of what runs here. */
const RETRY_MS = 1_000;

/** Says again and again that this process lives (ADR 0020), until it is stopped. */
export function startHeartbeat({ beat, oldestStartedAt, now, logger }: HeartbeatParts): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const once = async (): Promise<void> => {
    const at = now();
    const { nextMs } = await beat(Math.max(0, at - (oldestStartedAt() ?? at))).catch((error: unknown) => {
      logger.warn({ kind: GatewayError.from(error).kind }, 'the ledger was not told that this process lives');
      return { nextMs: RETRY_MS };
    });
    if (!isStopped) timer = setTimeout(() => void once(), nextMs).unref();
  };
  void once();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

import type { UsageFact } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { metrics, type Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

export interface UsageReporter {
  /** Names this process to the ledger, which asks whether the reporters of open holds still live. */
  readonly id: string;
  /** States how a request ended, now and again until the bus has stored it. Never throws, never waits. */
  report(fact: UsageFact): void;
  /** Refuses new work while more facts wait than may be lost to a crash. */
  assertRoom(): void;
  /** Waits until nothing is left to state, up to the limit; answers how many facts were left behind. */
  flush(limitMs: number): Promise<number>;
}

export interface UsageReporterParts {
  readonly publish: (fact: UsageFact) => Promise<void>;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
  readonly waitingMax?: number;
  readonly firstRetryMs?: number;
}

/** At a thousand requests a second this is ten seconds without JetStream. */
const WAITING_MAX = 10_000;
const FIRST_RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;

/**
 * Reports usage in the background. A fact that is lost leaves a hold that lapses to nothing, so nobody is charged
 * wrongly, but we are not paid either: hence the retries, and hence no new requests while the queue is full.
 */
export function createUsageReporter(parts: UsageReporterParts): UsageReporter {
  const { publish, logger, waitingMax = WAITING_MAX, firstRetryMs = FIRST_RETRY_MS } = parts;
  const waiting = new Set<UsageFact>();
  let emptied: (() => void)[] = [];

  const stored = (fact: UsageFact): void => {
    waiting.delete(fact);
    metrics.usageFacts.inc({ result: 'published' });
    if (waiting.size > 0) return;
    for (const resolve of emptied) resolve();
    emptied = [];
  };

  const state = (fact: UsageFact, retryMs: number): void => {
    publish(fact).then(
      () => stored(fact),
      (error: unknown) => {
        metrics.usageFacts.inc({ result: 'retried' });
        logger.warn({ requestId: fact.requestId, kind: GatewayError.from(error).kind }, 'a usage fact was not stored');
        setTimeout(() => state(fact, Math.min(retryMs * 2, RETRY_MS_MAX)), retryMs);
      },
    );
  };

  return {
    id: ulid(),
    report: (fact) => {
      waiting.add(fact);
      state(fact, firstRetryMs);
    },
    assertRoom: () => {
      if (waiting.size >= waitingMax)
        throw new GatewayError('unavailable', 'usage facts wait to be stored; no request is taken until they are');
    },
    flush: async (limitMs) => {
      if (waiting.size > 0) await withinLimit(new Promise<void>((resolve) => emptied.push(resolve)), limitMs);
      if (waiting.size > 0)
        logger.error({ facts: waiting.size }, 'usage facts were left behind; their holds will lapse');
      return waiting.size;
    },
  };
}

async function withinLimit(done: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([done, limit]);
  clearTimeout(timer);
}

import type { UsageFact } from '@bytespike/contracts';
import { GatewayError, TransientSet } from '@bytespike/kernel';
import { reached } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import { createConfirmation, type AskUnended, type Confirmation } from './confirm-usage.js';

export interface UsageReporter {
  /** Names this process to the ledger, which asks whether the reporters of open holds still live. */
  readonly id: string;
  /** States how a request ended, again and again until the ledger has its end. Never throws, never waits. */
  report(fact: UsageFact): void;
  /** Refuses new work while more facts are kept than may be lost to a crash. */
  assertRoom(): void;
  /** When the oldest request began whose end is not confirmed; undefined when there is none. */
  oldestStartedAt(): number | undefined;
  /**
   * Waits until nothing is left to state, up to the limit, and then a moment for the ledger to confirm it; answers how
   * many facts were left behind.
   */
  flush(limitMs: number): Promise<number>;
  stop(): Promise<void>;
}

export interface UsageReporterParts {
  /** Resolves with the text it was stored as. */
  readonly publish: (fact: UsageFact) => Promise<string>;
  readonly read: (text: string) => UsageFact;
  readonly askUnended: AskUnended;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
  readonly now?: () => number;
  readonly keptMax?: number;
  readonly firstRetryMs?: number;
  /** How often the ledger is asked about what has been stored. */
  readonly confirmEveryMs?: number;
  readonly settleMs?: number;
}

/** At two thousand requests a second this is ten seconds without JetStream, beside what waits to be confirmed. */
const KEPT_MAX = 30_000;
const FIRST_RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;

/**
 * Reports usage in the background. A fact that is lost leaves a hold that lapses to nothing, so nobody is charged
 * wrongly, but we are not paid either: hence the retries, and hence no new requests while the queue is full. What the bus
 * has stored it may still lose, with its disk or to a power cut, so a fact is kept until the ledger has ended its hold
 * (ADR 0020).
 */
export function createUsageReporter(parts: UsageReporterParts): UsageReporter {
  const { publish, read, logger, now = Date.now, keptMax = KEPT_MAX, firstRetryMs = FIRST_RETRY_MS } = parts;
  const waiting = new TransientSet<UsageFact>();
  const outage = createOutage(logger);
  let emptied: (() => void)[] = [];

  const stored = (fact: UsageFact, text: string): void => {
    reached('ingress.fact.stored');
    outage.over();
    waiting.delete(fact);
    metrics.usageFacts.inc({ result: 'published' });
    // A free operation was admitted without a hold, so there is no end to wait for.
    if (fact.operation !== 'count') confirmation.watch(fact, text);
    if (waiting.size > 0) return;
    for (const resolve of emptied) resolve();
    emptied = [];
  };

  const state = (fact: UsageFact, retryMs: number): void => {
    publish(fact).then(
      (text) => stored(fact, text),
      (error: unknown) => {
        metrics.usageFacts.inc({ result: 'retried' });
        outage.met(fact, error);
        setTimeout(() => state(fact, Math.min(retryMs * 2, RETRY_MS_MAX)), retryMs);
      },
    );
  };

  const report = (fact: UsageFact): void => {
    waiting.add(fact);
    state(fact, firstRetryMs);
  };

  const confirmation: Confirmation = createConfirmation({
    askUnended: parts.askUnended,
    repeat: (text) => {
      const fact = read(text);
      metrics.usageFacts.inc({ result: 'repeated-by-reporter' });
      logger.warn({ requestId: fact.requestId }, 'a usage fact that was stored has not come to the ledger');
      report({ ...fact, repeat: (fact.repeat ?? 0) + 1 });
    },
    logger,
    now,
    everyMs: parts.confirmEveryMs,
    settleMs: parts.settleMs,
  });

  return {
    id: ulid(),
    report: (fact) => {
      reached('ingress.fact.stating');
      report(fact);
    },
    assertRoom: () => {
      if (waiting.size + confirmation.size() >= keptMax)
        throw new GatewayError('unavailable', 'usage facts wait to be settled; no request is taken until they are');
    },
    oldestStartedAt: () => {
      let oldest = confirmation.oldestStartedAt();
      for (const { startedAt } of waiting) oldest = Math.min(startedAt, oldest ?? startedAt);
      return oldest;
    },
    flush: async (limitMs) => {
      if (waiting.size > 0) await withinLimit(new Promise<void>((resolve) => emptied.push(resolve)), limitMs);
      if (waiting.size > 0)
        logger.error({ facts: waiting.size }, 'usage facts were left behind; their holds will lapse');
      await confirmation.settle();
      return waiting.size;
    },
    stop: () => confirmation.stop(),
  };
}

/** Tells of each outage in one line, however many facts it keeps waiting. */
function createOutage(logger: Pick<Logger, 'warn'>) {
  let isTold = false;
  return {
    met({ requestId }: UsageFact, error: unknown): void {
      const { kind } = GatewayError.from(error);
      if (!isTold) logger.warn({ requestId, kind }, 'usage facts are not stored now; each is stated until it is');
      isTold = true;
    },
    over(): void {
      isTold = false;
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

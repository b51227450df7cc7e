import type { TaskView } from '@bytespike/contracts';
import { inLinkedSpan, metrics, type Logger } from '@bytespike/telemetry';

import { deliveryIdOf } from './add-delivery.js';
import { attemptDelivery, type AttemptPorts } from './attempt-delivery.js';
import type { AttemptResult, ClaimedDelivery, DeliveryStore } from './delivery-store.js';
import { Lanes } from './lanes.js';

export interface CallbackPorts extends AttemptPorts {
  readonly store: Pick<DeliveryStore, 'claim' | 'claimNext' | 'record' | 'release' | 'overdue'>;
  /** A task as its owner sees it; absent when it is no longer kept. */
  readonly viewOf: (taskId: string) => Promise<TaskView | undefined>;
  /** Calls `tell` for a task once so much time has passed. It may be lost: the sweeper finds what is overdue. */
  readonly wake: (taskId: string, delayMs: number) => Promise<void>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** Tells the world outside how tasks have ended. Duplicate and lost wake-ups are harmless: what is due is in the rows. */
export interface Callbacks {
  /** Tells of a task, if that is due, and then what else its account waits to be told. Throws nothing. */
  tell(taskId: string): Promise<void>;
  /** Tasks of which somebody should have told by now. */
  overdue(limit: number): Promise<readonly string[]>;
  /** Nothing new is begun any more; what `tell` has begun ends by itself. */
  stop(): void;
}

/** How long one wake-up may go on with its account's messages; the sweeper gives the next one the rest. */
const LANE_MS = 30_000;

/** The delivery of callbacks over its ports; several workers do it side by side. */
export function createCallbacks(ports: CallbackPorts): Callbacks {
  const { store } = ports;
  const lanes = new Lanes();
  let isStopped = false;

  /** Sends a message, and then what else its account has waiting, so that a burst needs no wake-up for each. */
  const runLane = async (first: ClaimedDelivery): Promise<void> => {
    const ends = ports.now().getTime() + LANE_MS;
    let claimed: ClaimedDelivery | undefined = first;
    while (claimed !== undefined) {
      await send(claimed, ports);
      if (isStopped || ports.now().getTime() >= ends) return;
      claimed = await store.claimNext(first.accountId);
    }
  };

  const tell = async (taskId: string): Promise<void> => {
    const claimed = isStopped ? undefined : await store.claim(deliveryIdOf(taskId));
    if (claimed === undefined) return;
    // A lane of its account takes it up when there is one; the sweeper finds what fell in between.
    if (!lanes.enter(claimed.accountId)) return store.release(claimed);
    await runLane(claimed).finally(() => lanes.leave(claimed.accountId));
  };

  return {
    async tell(taskId) {
      try {
        await tell(taskId);
      } catch (error) {
        // No attempt was made, or what it came to is unknown: the lease runs out, and the sweeper has it told again.
        ports.logger.warn({ taskId, err: error }, 'a callback was broken off');
      }
    },
    async overdue(limit) {
      const taskIds = await store.overdue(limit);
      metrics.callbacksOverdue.set(taskIds.length);
      return taskIds;
    },
    stop() {
      isStopped = true;
    },
  };
}

async function send(claimed: ClaimedDelivery, ports: CallbackPorts): Promise<void> {
  const task = await ports.viewOf(claimed.taskId);
  // Its message has gone with it.
  if (task === undefined) return;
  const result = await inLinkedSpan('callback', { kind: 'client', linkedTo: claimed.traceparent }, async (span) => {
    const attempted = await attemptDelivery(claimed, task, ports);
    span.set('http.response.status_code', attempted.attempt.status);
    return attempted;
  });
  await ports.store.record(claimed, result);
  metrics.callbackAttempts.inc({ result: wordFor(result) });
  if (result.state === 'failed') ports.logger.info({ taskId: claimed.taskId }, 'a callback was given up');
  if (result.retryInMs !== undefined) await ports.wake(claimed.taskId, result.retryInMs);
}

function wordFor({ attempt, state }: AttemptResult): 'delivered' | 'refused' | 'unanswered' {
  if (state === 'delivered') return 'delivered';
  return attempt.status === undefined ? 'unanswered' : 'refused';
}

import type { Failure, UsageFact } from '@bytespike/contracts';
import { assert } from '@bytespike/kernel';

import type { EndState } from './outcome.js';
import type { Task } from './task.js';

/** The fact by which the ledger ends a task's hold: the same one however often, and by whomever, it is stated. */
export function usageFact(task: Task): UsageFact {
  const { outcome, organisationId, memberId, targets } = task;
  assert(outcome, 'a fact is told of a task whose end is decided');
  const [target] = targets;
  return {
    requestId: task.id,
    accountId: task.accountId,
    keyId: task.keyId,
    keyHint: task.keyHint,
    ...(organisationId !== undefined && { organisationId }),
    ...(memberId !== undefined && { memberId }),
    protocol: 'tasks',
    operation: 'generate',
    model: task.model,
    stream: false,
    ...(target && task.submittedAt !== undefined && { priceVersion: target.priceVersion }),
    inputTokensEstimate: 0,
    startedAt: task.createdAt,
    durationMs: Math.max(0, outcome.decidedAt - task.createdAt),
    outcome: stated(task, outcome),
    ...(outcome.repeat !== undefined && outcome.repeat > 0 && { repeat: outcome.repeat }),
  };
}

const ENDINGS = { completed: 'complete', failed: 'failed', cancelled: 'cancelled' } as const satisfies Record<
  EndState,
  string
>;

function stated(task: Task, { end, units }: NonNullable<Task['outcome']>): UsageFact['outcome'] {
  const isBilled = Object.values(units).some((count) => count > 0);
  return {
    ending: ENDINGS[end],
    ...(end === 'completed' && { finish: 'stop' as const }),
    ...(isBilled && { usage: units }),
    usageSource: isBilled ? 'vendor' : 'none',
    contentStarted: end === 'completed',
    deliveredOutput: 0,
    ...(end === 'failed' && { failure: kindOf(task.failure) }),
    attempts: [...task.attempts],
  };
}

const kindOf = (failure: Pick<Failure, 'kind'> | undefined): Pick<Failure, 'kind'> => ({
  kind: failure?.kind ?? 'internal',
});

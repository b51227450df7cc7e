import type { HandlersFor, tasks } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { accepted } from '../domain/after-send.js';
import { failed } from '../domain/decide-end.js';
import { PATIENCE } from '../domain/patience.js';
import type { Change, Task } from '../domain/task.js';
import { taskView } from '../domain/task-view.js';
import { LEASE_MS } from '../steps/lease.js';
import type { WorkPorts } from '../steps/ports.js';
import { save } from '../steps/save.js';

type ReviewHandlers = Pick<HandlersFor<typeof tasks>, 'listReviews' | 'decideReview'>;

/** What operators ask about tasks whose vendors' verdicts cannot be had. */
export const reviewHandlers = (ports: WorkPorts): ReviewHandlers => ({
  listReviews: async ({ limit }) => {
    const waiting = await ports.store.listReviews(limit);
    return { reviews: waiting.map(reviewOf) };
  },
  decideReview: async ({ taskId, decision, upstreamId, credentialId, actor }) => {
    const task = await ports.store.claimReview(taskId, LEASE_MS);
    if (!task) throw await refusal(taskId, ports);
    ports.logger.info({ taskId, decision, actor }, 'an operator has decided about a task');
    try {
      const change = decision === 'fail' ? failedByOperator(ports) : resumed(task, { upstreamId, credentialId }, ports);
      await save(task, change, ports);
    } catch (error) {
      // Whoever corrects what was said is not kept waiting by it.
      await ports.store.release(task, task.nextActionAt ?? ports.moment().now);
      throw error;
    }
    const [present = task] = await ports.store.readMany([taskId]);
    return { task: taskView(present) };
  },
});

const reviewOf = ({ id, model, reviewReason, upstreamId, deadlineAt, createdAt }: Task) => ({
  taskId: id,
  model,
  since: deadlineAt === undefined ? createdAt : deadlineAt - PATIENCE.reviewMs,
  reason: reviewReason ?? 'no-verdict',
  ...(upstreamId !== undefined && { upstreamId }),
});

async function refusal(taskId: string, { store }: WorkPorts): Promise<GatewayError> {
  const [task] = await store.readMany([taskId]);
  if (!task) return new GatewayError('task-not-found', 'There is no such task.');
  return new GatewayError('conflict', 'The task is not in review, or is being asked about at this moment.');
}

const failedByOperator = ({ moment }: WorkPorts): Change =>
  failed({ kind: 'upstream-timeout', message: 'The vendor has not said how the render ended.' }, moment().now);

interface FoundRender {
  readonly upstreamId: string | undefined;
  readonly credentialId: string | undefined;
}

/** It is asked about at once: by the id that an operator has found at the vendor, or as it was asked about before. */
function resumed(
  task: Task,
  { upstreamId = task.upstreamId, credentialId = task.credentialId }: FoundRender,
  ports: WorkPorts,
): Change {
  const at = ports.moment();
  if (upstreamId === undefined) return { nextActionAt: at.now };
  if (credentialId === undefined)
    throw new GatewayError('conflict', 'Say under which credential the render was found; nobody here knows.');
  return { ...accepted(task, { upstreamId, credentialId, sentAt: task.sentAt }, at), nextActionAt: at.now };
}

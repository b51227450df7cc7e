import type { HandlersFor, MediaPlan, MediaTarget, tasks, TaskView } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** A film that a client of the samples' key has asked for. */
export const task: TaskView = {
  taskId: 'task_01KA0000000000000000000000',
  accountId: 'account-1',
  keyId: 'key-1',
  model: 'veo-3.1',
  kind: 'video',
  state: 'pending',
  version: 1,
  createdAt: 1_700_000_000_000,
  estimatedCost: 3_200_000_000n,
  estimatedSeconds: 75,
};

export const mediaTarget: MediaTarget = {
  channelId: 'google',
  vendor: 'google',
  model: 'veo-3.1',
  upstreamModel: 'veo-3.1-generate-preview',
  priceVersion: 'veo-3.1@1',
  kind: 'video',
};

export const filmPlan: MediaPlan = { model: 'veo-3.1', kind: 'video', targets: [mediaTarget] };

const absent = async (): Promise<never> => {
  throw new GatewayError('task-not-found', 'There is no such task.');
};

/** A task-worker that knows one task. */
export const taskHandlers = (): HandlersFor<typeof tasks> => ({
  submit: async () => ({ task, isNew: true, holdBasis: 'seconds=8 price=veo-3.1@1' }),
  estimate: async ({ estimatedSeconds }) => ({ estimatedSeconds }),
  read: async ({ taskId }) => (taskId === task.taskId ? { task } : absent()),
  readMany: async ({ taskIds }) => ({ tasks: taskIds.includes(task.taskId) ? [task] : [] }),
  cancel: async ({ taskId }) =>
    taskId === task.taskId ? { task: { ...task, state: 'cancelled', version: 2, cost: 0n } } : absent(),
  listDeliveries: absent,
  resendDelivery: absent,
  rotateSigningSecret: absent,
  listReviews: async () => ({ reviews: [] }),
  decideReview: absent,
});

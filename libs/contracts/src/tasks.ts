import { z } from 'zod';

import { rpc, topic } from './define.js';
import { KeptAsset } from './media.js';
import { MediaAsked } from './media-request.js';
import { NanoUsd } from './money.js';
import { Failure } from './outcome.js';
import { Principal } from './routing.js';
import { MediaKind, MediaTarget } from './target.js';

/** The states users see (contract 9.5). What a worker does meanwhile is `running` to them. */
export const TaskState = z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']);
export type TaskState = z.output<typeof TaskState>;

/** A task as its owner sees it; how it is spelled is for whoever answers (libs/media, `task-json`). */
export const TaskView = z.object({
  taskId: z.string(),
  /** Whose it is: a key sees its own. */
  accountId: z.string(),
  keyId: z.string(),
  outTaskId: z.string().optional(),
  model: z.string(),
  alias: z.string().optional(),
  kind: MediaKind,
  state: TaskState,
  /** Grows with every change a user can see: the `id` of SSE. */
  version: z.number().int().positive(),
  /** Epoch milliseconds. */
  createdAt: z.number().int(),
  startedAt: z.number().int().optional(),
  endedAt: z.number().int().optional(),
  estimatedCost: NanoUsd,
  estimatedSeconds: z.number().int(),
  /** What was charged; present once it has ended. */
  cost: NanoUsd.optional(),
  progress: z.object({ percent: z.number().optional(), stage: z.string().optional() }).optional(),
  /** Present when completed. */
  outputs: z.array(KeptAsset).optional(),
  /** What was made, for `result`. */
  seconds: z.number().int().optional(),
  resolution: z.string().optional(),
  aspectRatio: z.string().optional(),
  /** Present when failed. */
  failure: Failure.pick({ kind: true, message: true }).optional(),
});
export type TaskView = z.output<typeof TaskView>;

/** Which task, and who asks: exactly one of the two names. */
const TaskName = z.object({
  accountId: z.string(),
  keyId: z.string(),
  taskId: z.string().max(100).optional(),
  outTaskId: z.string().max(200).optional(),
});
export type TaskName = z.output<typeof TaskName>;

/**
 * What becomes of a task that was wished away and goes on:
 * - `asked`: it is stopped if that is still possible;
 * - `unstoppable`: its vendor has it, and no way to stop it;
 * - `ending`: how it ends is already decided.
 */
export const CancelOutlook = z.enum(['asked', 'unstoppable', 'ending']);
export type CancelOutlook = z.output<typeof CancelOutlook>;

/** One attempt to tell a callback address of a task's end. */
export const DeliveryAttempt = z.object({
  at: z.number().int(),
  /** Absent where nobody answered. */
  status: z.number().int().optional(),
  durationMs: z.number().int(),
});

/** One message to a callback address. */
export const Delivery = z.object({
  deliveryId: z.string(),
  taskId: z.string(),
  url: z.string(),
  event: z.enum(['task.completed', 'task.failed', 'task.cancelled']),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.array(DeliveryAttempt),
  nextAttemptAt: z.number().int().optional(),
  createdAt: z.number().int(),
});
export type Delivery = z.output<typeof Delivery>;

/** Asynchronous renders, served by task-worker. Ingress has authenticated, planned and judged before it asks. */
export const tasks = {
  /**
   * Takes a task: its row and its hold, or neither. The same `outTaskId` of the same key with the same input answers the
   * task there is. Errors: `conflict` (the same name, another input), those of `billing.hold`, `rate-limited` (too many
   * open tasks), `unavailable`.
   */
  submit: rpc({
    subject: 'tasks.v1.submit',
    timeoutMs: 10_000,
    input: z.object({
      principal: Principal,
      model: z.string(),
      alias: z.string().optional(),
      asked: MediaAsked,
      /** Best first; the plan of this task for its whole life. */
      targets: z.array(MediaTarget).min(1),
      /** Told before any has been learnt from recent renders. */
      estimatedSeconds: z.number().int().positive(),
      outTaskId: z.string().max(200).optional(),
      /** Digest of model and parameters as the client gave them: tells a repeat from another task of the same name. */
      inputHash: z.string().max(100),
      callbackUrl: z.string().max(2_048).optional(),
    }),
    output: z.object({
      task: TaskView,
      isNew: z.boolean(),
      /** How its hold was sized; absent where the task was there already. */
      holdBasis: z.string().optional(),
    }),
  }),
  /** How long such a render is expected to take, for a price quote. */
  estimate: rpc({
    subject: 'tasks.v1.estimate',
    timeoutMs: 2_000,
    input: z.object({ model: z.string(), asked: MediaAsked, estimatedSeconds: z.number().int().positive() }),
    output: z.object({ estimatedSeconds: z.number().int() }),
  }),
  /** Errors: `task-not-found`, also for another key's task. From Postgres alone, whatever vendors do. */
  read: rpc({
    subject: 'tasks.v1.read',
    timeoutMs: 5_000,
    input: TaskName,
    output: z.object({ task: TaskView }),
  }),
  /** Tasks that somebody listens to, asked now and then in case a fact about them was lost. Unknown ones are absent. */
  readMany: rpc({
    subject: 'tasks.v1.read-many',
    timeoutMs: 5_000,
    input: z.object({ taskIds: z.array(z.string()).max(1_000) }),
    output: z.object({ tasks: z.array(TaskView) }),
  }),
  /**
   * Wishes a task away. One that has not been submitted is cancelled at once; a render is stopped where its vendor can, and
   * goes on where it cannot. One that has ended is answered as it is. Errors: `task-not-found`.
   */
  cancel: rpc({
    subject: 'tasks.v1.cancel',
    timeoutMs: 10_000,
    input: TaskName,
    /** The outlook is absent where the task has ended. */
    output: z.object({ task: TaskView, outlook: CancelOutlook.optional() }),
  }),
  /** Errors: `task-not-found`. */
  listDeliveries: rpc({
    subject: 'tasks.v1.list-deliveries',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string(), keyId: z.string(), taskId: z.string() }),
    output: z.object({ deliveries: z.array(Delivery) }),
  }),
  /** Sends a message again, at once and with its whole ladder before it. Errors: `task-not-found`, `not-found`. */
  resendDelivery: rpc({
    subject: 'tasks.v1.resend-delivery',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string(), keyId: z.string(), taskId: z.string(), deliveryId: z.string() }),
    output: z.object({ delivery: Delivery }),
  }),
  /** A new secret for an account's callbacks, shown this once. The one before signs beside it for a day. */
  rotateSigningSecret: rpc({
    subject: 'tasks.v1.rotate-signing-secret',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string() }),
    output: z.object({ secret: z.string(), previousUntil: z.number().int().optional() }),
  }),
  /** Tasks that wait for an operator: no vendor's verdict can be had. Oldest first. */
  listReviews: rpc({
    subject: 'tasks.v1.list-reviews',
    timeoutMs: 5_000,
    input: z.object({ limit: z.number().int().min(1).max(200) }),
    output: z.object({
      reviews: z.array(
        z.object({
          taskId: z.string(),
          model: z.string(),
          since: z.number().int(),
          reason: z.string(),
          upstreamId: z.string().optional(),
        }),
      ),
    }),
  }),
  /** An operator's word on such a task: ended failed and free, or asked about again. Errors: `task-not-found`, `conflict`. */
  decideReview: rpc({
    subject: 'tasks.v1.decide-review',
    timeoutMs: 5_000,
    input: z.object({
      taskId: z.string(),
      decision: z.enum(['fail', 'resume']),
      /** Of a render that an operator has found at the vendor, and the credential under which it is known there. */
      upstreamId: z.string().optional(),
      credentialId: z.string().optional(),
      actor: z.string(),
    }),
    output: z.object({ task: TaskView }),
  }),
  changed: topic({
    subject: 'tasks.v1.task-changed',
    delivery: 'broadcast',
    payload: z.object({ task: TaskView }),
    dedupeBy: ({ task }) => `${task.taskId} ${task.version}`,
  }),
};

import { once } from 'node:events';

import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

import { QUEUES, type Alarm, type QueueName, type Wake, type WakeHandler } from './alarm.js';
import { SharedWakes } from './shared-wakes.js';

/** All that Redis ever holds of a task. */
interface JobData {
  readonly taskId: string;
}

export interface BullAlarmParts {
  readonly url: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** Keeps queues apart that share a Redis, as those of tests. */
  readonly prefix?: string;
}

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 2_000;
/** A wake is noted within a few milliseconds, or the sweeper sees to it. */
const NOTE_MS_MAX = 1_000;
/** The worker of a job that was lost finds the row taken or done, so that it may run again as often as it likes. */
const STALLS_MAX = 1_000;

const QUEUE_NAMES = {
  submit: 'task-submit',
  draw: 'task-draw',
  poll: 'task-poll',
  fetch: 'task-fetch',
  settle: 'task-settle',
  callback: 'task-callback',
} as const satisfies Record<QueueName, string>;

export interface BullAlarm extends Alarm {
  /** Resolves when wakes can be noted for the first time. */
  ready(): Promise<void>;
}

/** Wakes as delayed jobs of BullMQ, each lane a queue of its own. */
export function createBullAlarm({ url, logger, prefix = 'bytespike' }: BullAlarmParts): BullAlarm {
  let isAway = false;
  const away = (error: Error): void => {
    // One line for each outage: every connection says so again and again.
    if (!isAway) logger.warn({ error: error.message }, 'wakes are not noted in Redis; the sweeper sees to what is due');
    isAway = true;
  };
  const connect = (maxRetriesPerRequest: number | null): Redis => {
    const redis = new Redis(url, {
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest,
      enableOfflineQueue: maxRetriesPerRequest === null,
      retryStrategy: (tries) => Math.min(tries * 100, RECONNECT_MS_MAX),
    });
    redis.on('error', away);
    redis.on('ready', () => (isAway = false));
    return redis;
  };

  // Whoever notes a wake does not wait for an outage to end; whoever listens does.
  const noting = connect(0);
  const listening = connect(null);
  const common = { prefix, skipVersionCheck: true };
  const shared = new SharedWakes(Date.now);
  const queues = new Map(
    QUEUES.map((lane) => {
      const queue = new Queue<JobData, void, string>(QUEUE_NAMES[lane], {
        ...{ ...common, connection: noting, skipWaitingForReady: true, skipMetasUpdate: true },
        defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      });
      queue.on('error', away);
      return [lane, queue] as const;
    }),
  );
  const workers: Worker[] = [];

  return {
    ready: async () => {
      if (noting.status !== 'ready') await once(noting, 'ready');
    },
    wake: async ({ lane, taskId, name, delayMs, isShared = false }: Wake) => {
      if (isShared && shared.isNoted(name)) return;
      if (noting.status !== 'ready') throw new GatewayError('unavailable', 'Redis is away');
      const adding = queues.get(lane)?.add('look', { taskId }, { jobId: name, delay: Math.max(0, delayMs) });
      await withinLimit(adding, NOTE_MS_MAX);
      if (isShared) shared.noted(name, delayMs);
    },
    listen: async (lane, concurrency, handler: WakeHandler) => {
      const worker = new Worker<JobData, void, string>(QUEUE_NAMES[lane], (job) => handler(job.data.taskId), {
        ...{ ...common, connection: listening, concurrency, maxStalledCount: STALLS_MAX },
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      worker.on('error', away);
      workers.push(worker);
    },
    close: async (limitMs) => {
      await Promise.all(workers.map((worker) => closeWithin(worker, limitMs)));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      noting.disconnect();
      listening.disconnect();
    },
  };
}

/** What still runs after the limit is left to whoever finds its lease expired. */
async function closeWithin(worker: Worker, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'late');
  });
  const closed = worker.close().then(() => 'closed' as const);
  if ((await Promise.race([closed, late])) === 'late') await worker.close(true);
  clearTimeout(timer);
}

async function withinLimit(work: Promise<unknown> | undefined, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayError('unavailable', 'Redis does not answer')), limitMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

import { randomInt } from 'node:crypto';

import { findPictures, openAssetStore, type AssetStore } from '@bytespike/assets';
import type { Bus, Served } from '@bytespike/bus';
import { billing, media, statement, tasks } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { GatewayError } from '@bytespike/kernel';
import { every, startHeartbeat } from '@bytespike/service';
import { traceHeaders, type Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import { startCallbacks } from './callbacks/start-callbacks.js';
import { sweepCallbacks } from './callbacks/sweep-callbacks.js';
import { REPORTER } from './domain/hold-request.js';
import type { Lane } from './domain/lane.js';
import type { TaskWorkerEnv } from './env.js';
import type { Alarm, Wake } from './queues/alarm.js';
import { createBullAlarm } from './queues/bull-alarm.js';
import { StandIn } from './queues/stand-in.js';
import { OpenTasks } from './requests/open-tasks.js';
import { RecentRenders } from './requests/recent-renders.js';
import type { RequestPorts } from './requests/request-ports.js';
import { reviewHandlers } from './requests/reviews.js';
import { taskHandlers } from './requests/task.handlers.js';
import { keepRetention } from './retention/keep-retention.js';
import { askDue } from './steps/ask-due.js';
import { callContext } from './steps/call-context.js';
import type { WorkPorts } from './steps/ports.js';
import { workOnTask } from './steps/work-on-task.js';
import { PgTaskStore } from './store/pg-task-store.js';
import type { TaskStore } from './store/task-store.js';
import { sweep } from './sweep.js';
import { watchTasks } from './watch-tasks.js';

export interface TaskWorkerParts {
  readonly bus: Bus;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly env: TaskWorkerEnv;
}

/** What one process does at once: questions are short and many, pictures long and mostly waiting, copies long and made by others. */
const CONCURRENCY = { submit: 64, draw: 64, poll: 64, fetch: 32, settle: 32 } as const satisfies Record<Lane, number>;
/** Whoever is woken to ask takes up fifty renders, and mostly waits: a vendor that says nothing leaves room for others. */
const ASKING_AT_ONCE = 32;
/** A callback is small and mostly waits: enough that sixty accounts whose receivers say nothing leave room for others. */
const CALLBACKS_AT_ONCE = 256;
const SWEEP_EVERY_MS = 3_000;
const WATCH_EVERY_MS = 15_000;
const BEAT_ANSWER_MS = 2_000;

/** Puts the worker on the bus: calls first, then its alarm clock, its sweeper and the rest of its clocks. */
export async function serveTasks({ bus, pool, logger, env }: TaskWorkerParts): Promise<Served> {
  const store = new PgTaskStore(pool);
  const alarm = createBullAlarm({ url: env.REDIS_URL, logger });
  const leaving = new AbortController();
  const wakeCallback = callbackWaker(alarm, logger);
  const { callbacks, secrets, handlers } = startCallbacks({ pool, env, tasks: store, wake: wakeCallback, logger });
  const assets = await openAssetStore(env);
  const work = workPorts({
    assets,
    bus,
    store,
    alarm,
    logger,
    env,
    leaving: leaving.signal,
    onDelivery: (taskId) => void wakeCallback(taskId, 0),
  });
  const look = (taskId: string): Promise<void> => workOnTask(taskId, work);
  const requests = requestPorts(work, bus);
  const standIn = new StandIn(look, CONCURRENCY);

  const served = await bus.serve(tasks, { ...taskHandlers(requests), ...reviewHandlers(work), ...handlers });
  for (const lane of ['submit', 'draw', 'fetch', 'settle'] as const) await alarm.listen(lane, CONCURRENCY[lane], look);
  await alarm.listen('poll', ASKING_AT_ONCE, () => askDueSafely(work));
  await alarm.listen('callback', CALLBACKS_AT_ONCE, (taskId) => callbacks.tell(taskId));
  const clocks = [
    every(SWEEP_EVERY_MS, () => sweep({ store, alarm, standIn, now: Date.now, logger }), logger),
    every(SWEEP_EVERY_MS, () => sweepCallbacks({ callbacks, alarm, now: Date.now, logger }), logger),
    every(WATCH_EVERY_MS, () => watchTasks(store, Date.now), logger),
    keepRetention({ pool, assets, secrets, now: () => new Date(), logger }),
  ];
  const heartbeat = startHeartbeat({
    oldestOpenMs: () => store.oldestOpenMs(Date.now()),
    beat: (oldestOpenMs) =>
      bus
        .client(billing)
        .heartbeat({ reporter: REPORTER, oldestOpenMs }, callContext({ id: REPORTER }, BEAT_ANSWER_MS)),
    logger,
  });
  return {
    // Some steps cannot be broken off, such as a submit that is answered with pictures.
    stop: async (limitMs = 0) => {
      await served.stop(limitMs);
      leaving.abort(new GatewayError('unavailable', 'the worker is taking leave'));
      callbacks.stop();
      await Promise.all(clocks.map((clock) => clock.stop()));
      await Promise.all([alarm.close(limitMs), standIn.close(limitMs)]);
      heartbeat.stop();
    },
  };
}

/** What could not be asked stays due, and is swept. */
const askDueSafely = (work: WorkPorts): Promise<void> =>
  askDue(work).catch((error: unknown) => {
    work.logger.warn({ err: error }, 'renders could not be asked about');
  });

interface WorkParts extends Pick<WorkPorts, 'onDelivery' | 'leaving'> {
  readonly bus: Bus;
  readonly assets: Pick<AssetStore, 'delete' | 'head'>;
  readonly store: TaskStore;
  readonly alarm: Alarm;
  readonly logger: Logger;
  readonly env: TaskWorkerEnv;
}

function workPorts({ bus, assets, store, alarm, logger, env, leaving, onDelivery }: WorkParts): WorkPorts {
  const told = (error: unknown): void =>
    logger.warn({ kind: GatewayError.from(error).kind }, 'listeners were not told of a change; they will ask');
  const [money, statements] = [bus.client(billing), bus.client(statement)];
  return {
    ...{ store, alarm, logger, leaving, onDelivery },
    vendors: bus.client(media),
    ledger: {
      state: async (fact) => void (await bus.publish(billing.usage, fact)),
      unended: (input, context) => money.unended(input, context),
      readReceipt: (input, context) => statements.readReceipt(input, context),
    },
    forget: (names) => void Promise.allSettled(names.map((name) => assets.delete(name))),
    findPictures: (sought) => findPictures(assets, sought),
    announce: (task) => void bus.publish(tasks.changed, { task }).catch(told),
    moment: () => ({ now: Date.now(), random: Math.random, askMsMax: env.TASK_WORKER_ASK_EVERY_MS_MAX }),
  };
}

const MARK_MAX = 2 ** 31 - 1;

const requestPorts = (work: WorkPorts, bus: Bus): RequestPorts => ({
  ...work,
  hold: (request, context) => bus.client(billing).hold(request, context),
  newMark: () => randomInt(MARK_MAX),
  newTaskId: () => `task_${ulid()}`,
  traceparent: () => traceHeaders()['traceparent'],
  estimates: new RecentRenders({
    read: (model, units, limit) => work.store.recentSeconds(model, units, limit),
    now: Date.now,
    logger: work.logger,
  }),
  openTasks: new OpenTasks(work.store, Date.now),
});

/** Of a message about an end; the sweeper finds it when this is lost. */
const callbackWaker =
  (alarm: Pick<Alarm, 'wake'>, logger: Pick<Logger, 'warn'>) =>
  async (taskId: string, delayMs: number): Promise<void> => {
    const wake: Wake = { lane: 'callback', taskId, name: `${taskId}-${String(Date.now() + delayMs)}`, delayMs };
    await alarm.wake(wake).catch((error: unknown) => {
      logger.warn({ taskId, kind: GatewayError.from(error).kind }, 'a wake of a callback was not noted');
    });
  };

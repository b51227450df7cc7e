import { randomBytes, randomUUID } from 'node:crypto';

import { assetUrls } from '@bytespike/assets';
import type { TaskView } from '@bytespike/contracts';
import { createPool, inTransaction, SERVICE_ROLES, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { createSafeFetch, LOCAL_ADDRESS_RULES } from '@bytespike/safe-fetch';
import { Webhook } from 'standardwebhooks';

import {
  endedView,
  insertEnded,
  startReceiver,
  TRACEPARENT,
  type CallbackReceiver,
} from '../testing/callback-fixtures.js';
import { addDelivery, deliveryIdOf } from './add-delivery.js';
import { callbackHandlers } from './callback.handlers.js';
import { createCallbacks, type CallbackPorts, type Callbacks } from './callbacks.js';
import { CLAIM } from './delivery-statements.js';
import { DeliveryStore } from './delivery-store.js';
import { SigningSecrets } from './signing-secrets.js';

let database: TestDatabase;
let pool: Pool;
let store: DeliveryStore;
let secrets: SigningSecrets;
const receivers: CallbackReceiver[] = [];
const views = new Map<string, TaskView>();
const warned: unknown[] = [];
const woken: { readonly taskId: string; readonly delayMs: number }[] = [];

const urls = assetUrls({ PUBLIC_URL: 'https://gateway.example', KEY_PEPPER: 'pepper of this spec' });
const { post } = createSafeFetch({ rules: LOCAL_ADDRESS_RULES });

const worker = (change: Partial<CallbackPorts> = {}): Callbacks =>
  createCallbacks({
    store,
    post,
    urls,
    secretsOf: (accountId) => secrets.ofAccount(accountId),
    viewOf: (taskId) => Promise.resolve(views.get(taskId)),
    wake: async (taskId, delayMs) => void woken.push({ taskId, delayMs }),
    now: () => new Date(),
    random: () => 0,
    logger: { info: () => undefined, warn: (fields: unknown) => void warned.push(fields) },
    ...change,
  });

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createPool(database.url, {
    max: 8,
    statementTimeoutMs: 4_000,
    applicationName: 'callbacks-test',
    session: { role: SERVICE_ROLES.tasks },
  });
  store = new DeliveryStore(pool);
  secrets = new SigningSecrets(pool, randomBytes(32));
});
afterAll(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  await pool.end();
  await database.drop();
});

async function receiving(answer: (nth: number) => number | Promise<number>): Promise<CallbackReceiver> {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  return receiver;
}

/** A task that has ended, and its message. */
async function ended(callbackUrl: string, accountId: string = randomUUID()): Promise<TaskView> {
  const view = endedView(`task_${randomUUID()}`, accountId);
  views.set(view.taskId, view);
  await insertEnded(pool, view);
  await addDelivery(pool, { taskId: view.taskId, accountId, state: 'completed', callbackUrl });
  return view;
}

/** Time passes for one task's message. */
const passes = (hours: number, { taskId }: TaskView) =>
  pool.query(
    `UPDATE tasks.delivery SET next_attempt_at = next_attempt_at - make_interval(hours => $2),
       lease_until = lease_until - make_interval(hours => $2) WHERE task_id = $1`,
    [taskId, hours],
  );

const ofOwner = ({ taskId, accountId, keyId }: TaskView) => ({ taskId, accountId, keyId });

describe('a callback', () => {
  it('is told once, in the words of a query, signed so that the official library believes it', async () => {
    const receiver = await receiving(() => 204);
    const view = await ended(receiver.url);
    const { secret } = await secrets.rotate(view.accountId);
    await Promise.all([worker().tell(view.taskId), worker().tell(view.taskId)]);
    await worker().tell(view.taskId);
    expect(receiver.heard).toHaveLength(1);
    const [told] = receiver.heard;
    expect(told?.path).toBe('/heard?token=own');
    const headers = told?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(told?.body ?? '', headers)).toMatchObject({
      task_id: view.taskId,
      status: 'completed',
      credits_used: 3.2,
      output: [{ type: 'video', url: expect.stringContaining('https://gateway.example/v1/assets/vid/2026-11-20/') }],
    });
    expect(headers['webhook-id']).toBe(`msg_${view.taskId.slice('task_'.length)}`);
    expect(await store.list(ofOwner(view))).toMatchObject([
      { event: 'task.completed', state: 'delivered', attempts: [{ status: 204 }] },
    ]);
  });

  it('is told ten times over two days to whoever does not hear it, under one id, and then given up', async () => {
    const receiver = await receiving(() => 500);
    const view = await ended(receiver.url);
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await worker().tell(view.taskId);
      await passes(25, view);
    }
    expect(receiver.heard).toHaveLength(10);
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(woken.filter(({ taskId }) => taskId === view.taskId).map(({ delayMs }) => delayMs)).toEqual(
      [5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400].map((seconds) => seconds * 1_000),
    );
    const [delivery] = await store.list(ofOwner(view));
    expect(delivery).toMatchObject({ state: 'failed', attempts: Array(10).fill({ status: 500 }) });
    expect(delivery).not.toHaveProperty('nextAttemptAt');
  });

  it.each([
    { name: 'a redirect, which is not followed', answer: 302, attempt: { status: 302 } },
    { name: 'an informal refusal', answer: 410, attempt: { status: 410 } },
  ])('has not been heard by $name', async ({ answer, attempt }) => {
    const receiver = await receiving(() => answer);
    const view = await ended(receiver.url);
    await worker().tell(view.taskId);
    expect(receiver.heard).toHaveLength(1);
    expect(await store.list(ofOwner(view))).toMatchObject([{ state: 'pending', attempts: [attempt] }]);
  });

  it.each([
    { name: 'a place inside', url: 'https://169.254.169.254/latest/meta-data' },
    { name: 'nobody', url: 'http://127.0.0.1:1/gone' },
  ])('is not told to $name, and its list says no more than that', async ({ url }) => {
    const view = await ended(url);
    await worker().tell(view.taskId);
    const [delivery] = await store.list(ofOwner(view));
    expect(delivery).toMatchObject({ state: 'pending', attempts: [{ at: expect.any(Number) }] });
    expect(delivery?.attempts[0]).not.toHaveProperty('status');
  });

  it('of an account that is not answered holds up nobody else, and no more than four wait at once', async () => {
    let letGo: (status: number) => void = () => undefined;
    const answered = new Promise<number>((resolve) => (letGo = resolve));
    const silent = await receiving(() => answered);
    const account = randomUUID();
    const burst = await Promise.all(Array.from({ length: 9 }, () => ended(silent.url, account)));
    const busy = worker();
    const telling = burst.map(({ taskId }) => busy.tell(taskId));
    while (silent.heard.length < 4) await new Promise(setImmediate);
    const lively = await receiving(() => 200);
    const other = await ended(lively.url);
    await busy.tell(other.taskId);
    expect(lively.heard).toHaveLength(1);
    letGo(200);
    await Promise.all(telling);
    // Lanes take the next of their account; what fell between two of them, the sweeper finds.
    for (const { taskId } of burst) await busy.tell(taskId);
    expect(silent.heard).toHaveLength(9);
    expect(silent.atOnceMax()).toBe(4);
  });

  it('that a worker died with is told by another once its lease is over', async () => {
    const receiver = await receiving(() => 200);
    const view = await ended(receiver.url);
    const dead = await store.claim(`msg_${view.taskId.slice('task_'.length)}`);
    expect(dead).toMatchObject({ taskId: view.taskId, tries: 0, traceparent: TRACEPARENT });
    await worker().tell(view.taskId);
    expect(receiver.heard).toHaveLength(0);
    expect(await store.overdue(1_000)).not.toContain(view.taskId);
    await passes(1, view);
    expect(await store.overdue(1_000)).toContain(view.taskId);
    await worker().tell(view.taskId);
    expect(receiver.heard).toHaveLength(1);
    // The dead one was only slow: what it did is listed, and changes nothing.
    if (dead === undefined) throw new Error('the message was not claimed');
    await store.record(dead, {
      attempt: { at: 1, durationMs: 2, status: 500 },
      state: 'pending',
      retryInMs: 5_000,
    });
    expect(await store.list(ofOwner(view))).toMatchObject([
      { state: 'delivered', attempts: [{ status: 200 }, { status: 500 }] },
    ]);
  });

  it('is no attempt where the fault is ours, and told when the fault is over', async () => {
    const receiver = await receiving(() => 200);
    const view = await ended(receiver.url);
    await worker({ secretsOf: () => Promise.reject(new Error('the key of secrets is another')) }).tell(view.taskId);
    expect(warned.at(-1)).toMatchObject({ taskId: view.taskId });
    expect(JSON.stringify(warned)).not.toContain(receiver.url);
    expect(await store.list(ofOwner(view))).toMatchObject([{ state: 'pending', attempts: [] }]);
    await passes(1, view);
    await worker().tell(view.taskId);
    expect(receiver.heard).toHaveLength(1);
  });

  it('is due from the very moment that it is written', async () => {
    const claimed: unknown[] = [];
    for (let at = 0; at < 20; at += 1) {
      const view = endedView(`task_${randomUUID()}`, randomUUID());
      // Within a transaction it is always the same moment.
      await inTransaction(pool, async (client) => {
        await insertEnded(client, view);
        await addDelivery(client, { ...view, state: 'completed', callbackUrl: 'https://a.example/' });
        claimed.push(...(await client.query({ ...CLAIM, values: [deliveryIdOf(view.taskId), 30] })).rows);
      });
      await pool.query('DELETE FROM tasks.delivery WHERE task_id = $1', [view.taskId]);
    }
    expect(claimed).toHaveLength(20);
  });

  it('is not begun by a worker that goes down', async () => {
    const receiver = await receiving(() => 200);
    const view = await ended(receiver.url);
    const leaving = worker();
    leaving.stop();
    await leaving.tell(view.taskId);
    expect(receiver.heard).toHaveLength(0);
  });

  it('is told once, however often its task is ended', async () => {
    const receiver = await receiving(() => 200);
    const view = await ended(receiver.url);
    const again = {
      taskId: view.taskId,
      accountId: view.accountId,
      state: 'failed',
      callbackUrl: receiver.url,
    } as const;
    await addDelivery(pool, again);
    expect(await store.list(ofOwner(view))).toMatchObject([{ event: 'task.completed' }]);
  });

  it('that nobody wants is not written', async () => {
    const view = endedView(`task_${randomUUID()}`, randomUUID());
    await insertEnded(pool, view);
    const nobody = {
      taskId: view.taskId,
      accountId: view.accountId,
      state: 'completed',
      callbackUrl: undefined,
    } as const;
    expect(await addDelivery(pool, nobody)).toBeUndefined();
    expect(await store.list(ofOwner(view))).toEqual([]);
  });
});

describe('what an account asks about its callbacks', () => {
  const handlers = () =>
    callbackHandlers({
      deliveries: store,
      secrets,
      wake: async (taskId, delayMs) => void woken.push({ taskId, delayMs }),
    });
  const context = { requestId: 'request', deadline: Date.now() + 60_000, signal: new AbortController().signal };

  it('sends a message again, at once and with a whole ladder', async () => {
    const receiver = await receiving(() => 500);
    const view = await ended(receiver.url);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await worker().tell(view.taskId);
      await passes(25, view);
    }
    const [failed] = await store.list(ofOwner(view));
    const input = { ...ofOwner(view), deliveryId: failed?.deliveryId ?? '' };
    const { delivery } = await handlers().resendDelivery(input, context);
    expect(delivery).toMatchObject({ state: 'pending', nextAttemptAt: expect.any(Number) });
    expect(woken.at(-1)).toEqual({ taskId: view.taskId, delayMs: 0 });
    await worker().tell(view.taskId);
    expect(receiver.heard).toHaveLength(11);
    expect(await store.list(ofOwner(view))).toMatchObject([{ state: 'pending' }]);
  });

  it('ends somewhere: nobody has an address called by us without end', async () => {
    const view = await ended('https://receiver.example/');
    await pool.query(
      `UPDATE tasks.delivery SET attempts = (SELECT jsonb_agg(jsonb_build_object('at', 1, 'durationMs', 1)) FROM generate_series(1, 95)) WHERE task_id = $1`,
      [view.taskId],
    );
    const [delivery] = await store.list(ofOwner(view));
    const input = { ...ofOwner(view), deliveryId: delivery?.deliveryId ?? '' };
    await expect(handlers().resendDelivery(input, context)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is answered to the key of the task alone', async () => {
    const view = await ended('https://receiver.example/');
    const foreign = { ...ofOwner(view), keyId: 'another key' };
    await expect(handlers().listDeliveries(foreign, context)).rejects.toMatchObject({ kind: 'task-not-found' });
    const deliveryId = `msg_${view.taskId.slice('task_'.length)}`;
    await expect(handlers().resendDelivery({ ...foreign, deliveryId }, context)).rejects.toMatchObject({
      kind: 'task-not-found',
    });
    await expect(
      handlers().resendDelivery({ ...ofOwner(view), deliveryId: 'msg_another' }, context),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });
});

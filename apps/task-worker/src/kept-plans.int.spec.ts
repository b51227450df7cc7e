import { createPool, SERVICE_ROLES, type Pool } from '@bytespike/database';
import { readsOfIndex, withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { addDelivery } from './callbacks/add-delivery.js';
import { DeliveryStore } from './callbacks/delivery-store.js';
import { PgTaskStore } from './store/pg-task-store.js';
import { endedView, insertEnded } from './testing/callback-fixtures.js';

let database: TestDatabase;
let owner: Pool;
let tasks: Pool;

const settings = { statementTimeoutMs: 10_000, applicationName: 'kept-plans-test' };

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { ...settings, max: 1 });
  // One connection, whose numbers are told when it is asked to.
  tasks = createPool(database.url, { ...settings, max: 1, session: { role: SERVICE_ROLES.tasks } });
});
afterAll(async () => {
  await Promise.all([owner.end(), tasks.end()]);
  await database.drop();
});

it('goes by the name of a task, also when the statistics know of none that is open', async () => {
  const readsOfOpen = () => readsOfIndex(tasks, 'tasks.task_open_by_account');
  for (let at = 0; at < 500; at += 1) await insertEnded(tasks, endedView(`past ${String(at)}`, 'account'));
  await owner.query('ANALYZE tasks.task');
  await insertEnded(tasks, endedView('now', 'account'));
  await tasks.query(`UPDATE tasks.task SET state = 'pending', ended_at = NULL WHERE id = 'now'`);
  const store = new PgTaskStore(tasks);
  const before = await readsOfOpen();

  const now = Date.now();
  expect(await store.requestCancel('now', now)).toMatchObject({ id: 'now' });
  expect(await store.claim('now', now, 1_000)).toMatchObject({ id: 'now' });

  expect(await readsOfOpen()).toBe(before);
  // The index is there, and read by who looks for those that are open.
  expect(await store.countOpen('account')).toBe(1);
  expect(await readsOfOpen()).toBe(before + 1);
});

it('goes by the name of a message, also when the statistics know of none that waits', async () => {
  const readsOfWaiting = () => readsOfIndex(tasks, 'tasks.delivery_waiting_by_account');
  const [past, ended] = [endedView('task_past', 'owner'), endedView('task_ended', 'owner')];
  await insertEnded(tasks, past);
  await insertEnded(tasks, ended);
  await owner.query(
    `INSERT INTO tasks.delivery (id, task_id, account_id, url, event, state)
     SELECT 'past ' || at, $1, $2, 'https://example.com', 'task.completed', 'delivered' FROM generate_series(1, 500) AS at`,
    [past.taskId, past.accountId],
  );
  await owner.query('ANALYZE tasks.delivery');
  const id = await addDelivery(tasks, { ...ended, state: 'completed', callbackUrl: 'https://example.com' });
  const store = new DeliveryStore(tasks);
  const before = await readsOfWaiting();

  expect(await store.claim(id ?? 'none')).toMatchObject({ taskId: ended.taskId });

  expect(await readsOfWaiting()).toBe(before);
  // The index is there, and read by who looks for the next one.
  expect(await store.claimNext(ended.accountId)).toBeUndefined();
  expect(await readsOfWaiting()).toBe(before + 1);
});

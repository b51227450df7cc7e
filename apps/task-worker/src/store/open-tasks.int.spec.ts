import { createPool, SERVICE_ROLES, type Pool } from '@bytespike/database';
import { readsOfIndex, withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { endedView, insertEnded } from '../testing/callback-fixtures.js';
import { PgTaskStore } from './pg-task-store.js';

let database: TestDatabase;
let owner: Pool;
let tasks: Pool;

const settings = { statementTimeoutMs: 10_000, applicationName: 'open-tasks-test' };

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

const readsOfOpenTasks = () => readsOfIndex(tasks, 'tasks.task_open_by_account');

it('goes by the name of a task, also when the statistics know of none that is open', async () => {
  for (let at = 0; at < 500; at += 1) await insertEnded(tasks, endedView(`past ${String(at)}`, 'account'));
  await owner.query('ANALYZE tasks.task');
  await insertEnded(tasks, endedView('now', 'account'));
  await tasks.query(`UPDATE tasks.task SET state = 'pending', ended_at = NULL WHERE id = 'now'`);
  const store = new PgTaskStore(tasks);
  const before = await readsOfOpenTasks();

  const now = Date.now();
  expect(await store.requestCancel('now', now)).toMatchObject({ id: 'now' });
  expect(await store.claim('now', now, 1_000)).toMatchObject({ id: 'now' });

  expect(await readsOfOpenTasks()).toBe(before);
  // The index is there, and read by who looks for those that are open.
  expect(await store.countOpen('account')).toBe(1);
  expect(await readsOfOpenTasks()).toBe(before + 1);
});

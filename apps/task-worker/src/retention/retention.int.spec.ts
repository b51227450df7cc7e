import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { MemoryAssetStore } from '@bytespike/assets/testing';
import { createPool, SERVICE_ROLES, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { addDelivery } from '../callbacks/add-delivery.js';
import { SigningSecrets } from '../callbacks/signing-secrets.js';
import { endedView, insertEnded } from '../testing/callback-fixtures.js';
import { retire } from './keep-retention.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createPool(database.url, {
    max: 2,
    statementTimeoutMs: 4_000,
    applicationName: 'retention-test',
    session: { role: SERVICE_ROLES.tasks },
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function endedDaysAgo(taskId: string, days: number): Promise<void> {
  const view = endedView(taskId, 'account');
  await insertEnded(pool, view);
  await addDelivery(pool, { taskId, accountId: 'account', state: 'completed', callbackUrl: 'https://a.example/' });
  await pool.query('UPDATE tasks.task SET ended_at = ended_at - make_interval(days => $2) WHERE id = $1', [
    taskId,
    days,
  ]);
}

async function idsOf(table: 'task' | 'delivery'): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM tasks.${table} ORDER BY id`);
  return rows.map(({ id }) => id);
}

describe('retention', () => {
  it('removes files after 30 days, ended tasks and their callbacks after 90, secrets when they sign no more', async () => {
    const clock = { now: Date.now() - 31 * DAY_MS };
    const now = (): Date => new Date(clock.now);
    const assets = new MemoryAssetStore(now);
    const keep = (name: string) =>
      assets.put({ name, contentType: 'video/mp4', body: Readable.from([Buffer.from('film')]), bytesMax: 10 });
    await keep('vid/2026-10-20/old.mp4');
    clock.now = Date.now() - 29 * DAY_MS;
    await keep('vid/2026-10-22/young.mp4');
    clock.now = Date.now();
    await endedDaysAgo('task_old', 91);
    await endedDaysAgo('task_young', 89);
    await insertEnded(pool, endedView('task_open', 'account'));
    await pool.query(
      "UPDATE tasks.task SET state = 'pending', ended_at = NULL, created_at = now() - interval '91 days' WHERE id = 'task_open'",
    );
    const secrets = new SigningSecrets(pool, randomBytes(32));
    await secrets.rotate('account');
    const { secret } = await secrets.rotate('account');
    await pool.query("UPDATE tasks.signing_secret SET expires_at = expires_at - interval '2 days'");

    await retire(
      { pool, assets, secrets, now, logger: { info: () => undefined, warn: () => undefined, error: () => undefined } },
      new AbortController().signal,
    );

    expect(await assets.head('vid/2026-10-20/old.mp4')).toBeUndefined();
    expect(await assets.head('vid/2026-10-22/young.mp4')).toBeDefined();
    expect(await idsOf('task')).toEqual(['task_open', 'task_young']);
    expect(await idsOf('delivery')).toEqual(['msg_young']);
    expect((await pool.query('SELECT id FROM tasks.signing_secret')).rowCount).toBe(1);
    expect(await secrets.ofAccount('account')).toEqual([secret]);
  });
});

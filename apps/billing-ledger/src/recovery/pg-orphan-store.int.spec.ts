import { TASKS_REPORTER } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { voided } from '../domain/settlement.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { PgOrphanStore } from './pg-orphan-store.js';

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;
let orphans: PgOrphanStore;

beforeEach(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 2);
  store = new PgLedgerStore(pool);
  orphans = new PgOrphanStore(pool);
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 1_000n, reason: 'test', actor: 'test' });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const MINUTE = 60_000;
const carved = { grantId: 'grant', amount: 4n, basis: 'carved', maxOutputTokens: 1 };

/** As if a reporter had last been heard so long ago. */
const silence = (reporter: string, ms: number) =>
  pool.query(`UPDATE ledger.reporter SET seen_at = seen_at - $2 * interval '1 ms' WHERE id = $1`, [reporter, ms]);
/** As if a hold had been taken so long ago. */
const age = (requestId: string, ms: number) =>
  pool.query(`UPDATE ledger.hold SET created_at = created_at - $2 * interval '1 ms' WHERE request_id = $1`, [
    requestId,
    ms,
  ]);
const holdFor = (reporter: string, requestId: string) => ({ ...holdOf(requestId, 'acc', 10n), reporter });
const grantOf = (ledger: string) => ({ ...holdFor(ledger, 'grant'), amount: 100n, basis: 'grant' });
const orphansNow = () => orphans.orphans(2 * MINUTE, 10);

describe('open holds that nobody will report', () => {
  it('are those whose reporter has been silent, and not those of the living or of one nobody has heard of', async () => {
    await store.hold([holdFor('dead', 'one'), holdFor('alive', 'two'), holdFor('unheard', 'three')]);
    await store.hold([holdFor('dead', 'ended')]);
    await store.end([settledAt('ended', 1n)]);
    await orphans.seen('dead', 0);
    await orphans.seen('alive', 0);
    await silence('dead', 3 * MINUTE);
    expect(await orphansNow()).toEqual(['one']);
    await orphans.seen('dead', 0);
    expect(await orphansNow()).toEqual([]);
  });

  it('are those of one that was greeted and never heard of again, and a greeting unsays nothing', async () => {
    await orphans.greet('stillborn');
    await store.hold([holdFor('stillborn', 'one')]);
    expect(await orphansNow()).toEqual([]);
    await silence('stillborn', 3 * MINUTE);
    await orphans.greet('stillborn');
    expect(await orphansNow()).toEqual(['one']);
  });

  it('tell of themselves what they hold back, and how long the oldest has stood', async () => {
    await store.hold([holdFor('dead', 'one'), holdFor('alive', 'two')]);
    await orphans.seen('dead', 0);
    await silence('dead', 3 * MINUTE);
    await age('two', 5 * MINUTE);
    const { oldestAgeSeconds, stranded } = await orphans.openHolds(2 * MINUTE);
    expect([Math.floor(oldestAgeSeconds / 60), stranded]).toEqual([5, 10n]);
  });

  it('include the grant of a dead ledger once no request is open that may have been carved from it', async () => {
    await store.hold([grantOf('dead ledger')]);
    await orphans.seen('dead ledger', 0);
    await silence('dead ledger', 4 * MINUTE);
    await age('grant', 4 * MINUTE);
    await orphans.seen('alive', 5 * MINUTE);
    expect(await orphansNow()).toEqual([]);
    await orphans.seen('alive', MINUTE);
    expect(await orphansNow()).toEqual(['grant']);
  });

  it('include it also when those who carved from it are silent too', async () => {
    await store.hold([grantOf('dead ledger')]);
    for (const reporter of ['dead ledger', 'dead']) await orphans.seen(reporter, 10 * MINUTE);
    for (const reporter of ['dead ledger', 'dead']) await silence(reporter, 4 * MINUTE);
    await age('grant', 4 * MINUTE);
    expect(await orphansNow()).toEqual(['grant']);
  });
});

describe('holds of tasks', () => {
  it('are nobody’s orphans however long no worker is heard, and keep no grant from being one', async () => {
    await store.hold([holdFor(TASKS_REPORTER, 'film'), grantOf('dead ledger')]);
    await orphans.seen('dead ledger', 0);
    await silence('dead ledger', 4 * MINUTE);
    await age('film', 600 * MINUTE);
    await age('grant', 4 * MINUTE);
    await orphans.seen(TASKS_REPORTER, 600 * MINUTE);
    expect(await orphansNow()).toEqual(['grant']);
    await silence(TASKS_REPORTER, 300 * MINUTE);
    expect(await orphansNow()).toEqual(['grant']);
    await store.end([voided('grant')]);
    expect(await orphans.openHolds(2 * MINUTE)).toMatchObject({ stranded: 0n });
  });

  it('lapse by their own time', async () => {
    await store.hold([{ ...holdFor(TASKS_REPORTER, 'film'), expiresAt: 1_000 }]);
    expect(await store.overdueHolds(999, 10)).toEqual([]);
    expect(await store.overdueHolds(1_001, 10)).toEqual(['film']);
  });
});

describe('reporters', () => {
  it('are asked about by name', async () => {
    await orphans.seen('dead', 0);
    await orphans.seen('alive', 0);
    await silence('dead', 3 * MINUTE);
    expect(await orphans.silent(['dead', 'alive', 'unheard'], 2 * MINUTE)).toEqual(['dead']);
  });

  it('are forgotten a day after they were last heard, unless a hold of theirs is open', async () => {
    await store.hold([holdFor('in debt', 'one')]);
    for (const reporter of ['in debt', 'gone', 'alive']) await orphans.seen(reporter, 0);
    for (const reporter of ['in debt', 'gone']) await silence(reporter, 1_500 * MINUTE);
    await orphans.forgetGone();
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM ledger.reporter ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(['alive', 'in debt']);
  });
});

describe('a request whose fact was stored', () => {
  it('has not ended while its hold is open, or while it has no end and the grant it was carved from is open', async () => {
    await store.hold([holdFor('r', 'open'), holdFor('r', 'ended'), grantOf('ledger')]);
    await store.end([settledAt('ended', 1n), { ...settledAt('carved and ended', 1n), carved }]);
    const asked = [
      { requestId: 'open' },
      { requestId: 'ended' },
      { requestId: 'never held' },
      { requestId: 'carved', grantId: 'grant' },
      { requestId: 'carved and ended', grantId: 'grant' },
    ];
    expect([...(await orphans.unended(asked))].sort()).toEqual(['carved', 'open']);
    await store.end([voided('grant')]);
    expect(await orphans.unended(asked)).toEqual(['open']);
  });
});

import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { BillingLedgerModule } from './billing-ledger.module.js';
import { ledgerEnv } from './env.js';
import { StatementStore } from './statement/statement-store.js';
import { LedgerStore } from './store/ledger-store.js';
import { holdOf, settledAt } from './testing/ledger-fixtures.js';

let database: TestDatabase;
let owner: Pool;
let app: INestApplicationContext;

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { max: 1, statementTimeoutMs: 10_000, applicationName: 'owner' });
  const env = ledgerEnv.parse({ DATABASE_URL: database.url });
  app = await NestFactory.createApplicationContext(BillingLedgerModule.of(env), { logger: false });
});
afterAll(async () => {
  await Promise.all([app.close(), owner.end()]);
  await database.drop();
});

describe('a ledger whose book many customers read at once, slowly', () => {
  it('goes on admitting and settling, since readers have connections of their own', async () => {
    const store = app.get(LedgerStore);
    await store.credit({ transactionId: 't', accountId: 'acc', amount: 100n, reason: 'test', actor: 'test' });
    const client = await owner.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE ledger.usage_quarter, ledger.credit IN ACCESS EXCLUSIVE MODE');
    const reads = Array.from({ length: 20 }, () => app.get(StatementStore).wallet('acc'));
    const [admitted] = await store.hold([holdOf('one', 'acc', 10n)]);
    await client.query('ROLLBACK');
    client.release();
    expect(admitted?.kind).toBe('admitted');
    expect(await store.end([settledAt('one', 7n)])).toEqual([{ kind: 'ended' }]);
    expect((await Promise.all(reads)).map(({ available }) => available)).toEqual(Array(20).fill(expect.any(BigInt)));
  });
});

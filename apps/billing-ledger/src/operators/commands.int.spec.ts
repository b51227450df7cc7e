import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { correctCommand } from '../corrections/correct-command.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyCommand } from '../verify/verify-command.js';
import { partitionsCommand } from './partitions-command.js';
import { pricesCommand } from './prices-command.js';
import { runCommand, type Command, type Verdict } from './run-command.js';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 2);
  const store = new PgLedgerStore(pool);
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 10n ** 9n, reason: 'test', actor: 'test' });
  await store.hold([holdOf('paid', 'acc', 9n * 10n ** 8n)]);
  await store.end([settledAt('paid', 5n * 10n ** 8n)]);
  const soldFrom = Date.parse('2026-03-01T00:00:00Z');
  const price = { id: 'model@1', model: 'model', usdPerMillion: { input: '1.50' }, status: 'listed', soldFrom };
  await store.recordPrices([price]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function run(
  command: Command,
  options: Readonly<Record<string, string>>,
  word?: string,
): Promise<readonly [Verdict, string]> {
  const said: string[] = [];
  const code = await command.run({
    pool,
    option: (name) => options[name] ?? '',
    has: (name) => name in options,
    word,
    say: (text) => void said.push(text),
  });
  return [code, said.join('\n')];
}

describe("operators' commands", () => {
  it('correct gives back a part of a charge, once however often it is said, and never more than is left', async () => {
    const options = { request: 'paid', amount: '0.20', reason: 'ours', actor: 'olga' };
    const named = '"correction paid 0.20"';
    expect(await run(correctCommand, options)).toEqual([0, `corrected as ${named}: acc has 0.70 USD`]);
    expect(await run(correctCommand, options)).toEqual([0, `${named} stands already: acc has 0.70 USD`]);
    expect(await run(correctCommand, { ...options, amount: '0.31' })).toEqual([
      1,
      'refused: of this request 0.30 USD are left to give back',
    ]);
    expect(await run(correctCommand, { ...options, transaction: 'ticket 7' })).toEqual([
      0,
      'corrected as "ticket 7": acc has 0.90 USD',
    ]);
    await expect(run(correctCommand, { ...options, amount: '-1' })).rejects.toThrow('more than nothing');
  });

  it('prices tells what was sold when, partitions what there is, verify that it holds', async () => {
    const [code, said] = await run(pricesCommand, {}, 'model');
    expect([code, said]).toEqual([
      0,
      'model@1  from 2026-03-01T00:00:00.000Z until further notice  (listed)\n    USD per million: input 1.50',
    ]);
    expect((await run(pricesCommand, {}, 'never'))[0]).toBe(1);
    expect((await run(partitionsCommand, {}))[1]).toMatch(/^ledger\.entry_\d{4}_\d{2} +\d+ rows +\d+ MB$/m);
    expect(await run(verifyCommand, {})).toEqual([0, expect.stringMatching(/The ledger balances\.$/)]);
  });

  it('work as the ledger, leave with what they found, and with 2 when nobody can tell', async () => {
    const asked: unknown[] = [];
    const command: Command = {
      usage: 'who [--loudly]',
      options: { loudly: { type: 'boolean' } },
      takesWord: true,
      run: async (call) => {
        asked.push((await call.pool.query('SELECT current_user::text AS name')).rows, call.has('loudly'), call.word);
        return 1;
      },
    };
    const environment = { DATABASE_URL: database.url };
    expect(await runCommand(command, ['--loudly', 'now'], environment)).toBe(1);
    expect(asked).toEqual([[{ name: 'bytespike_ledger' }], true, 'now']);
    expect(await runCommand(command, ['--softly'], environment)).toBe(2);
    expect(await runCommand(command, ['now', 'then'], environment)).toBe(2);
    expect(await runCommand(verifyCommand, ['everything'], environment)).toBe(2);
    expect(await runCommand(command, [], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' })).toBe(2);
  });
});

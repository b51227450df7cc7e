import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { formatUsd, type Usage } from '@bytespike/kernel';

import { settlementOf } from '../domain/settlement.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { factOf, holdOf } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { reconcileCommand } from './reconcile-command.js';

let database: TestDatabase;
let pool: Pool;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bytespike-reconcile-'));
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 4);
  await deliver();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
});

const DAY_MS = 86_400_000;
/** The usage rows are written today, so the days that are compared have to be about today; both ends of a day are in it. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const attempt = (vendor: string, upstreamModel: string, startedAt: number, failed?: { status?: number }) => ({
  ...{ channelId: 'channel', vendor, model: 'model', upstreamModel, priceVersion: 'model@1', startedAt, durationMs: 5 },
  ...(failed ? { ...failed, kind: 'upstream-timeout' as const } : { status: 200 }),
});

/** Some traffic: what each vendor should bill, what it may bill, and what it will not. */
async function deliver(): Promise<void> {
  const store = new PgLedgerStore(pool);
  const prices = {
    ...{ input: 1_000_000n, cacheRead: 100_000n, output: 10_000_000n, reasoning: 10_000_000n },
    ...{ images: 2_000_000_000n, seconds: 1_000_000_000n },
  };
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 10n ** 12n, reason: 'test', actor: 'test' });
  const usage = { input: 1_000, cacheRead: 500, output: 100, reasoning: 20 };
  const settle = async (
    id: string,
    startedAt: number,
    attempts: ReturnType<typeof attempt>[],
    ending: 'complete' | 'failed',
    used: Usage = usage,
  ) => {
    await store.hold([holdOf(id, 'acc', 10_000_000n)]);
    const outcome = { ...factOf(id).outcome, ending, attempts, ...(ending === 'complete' && { usage: used }) };
    await store.end([settlementOf(factOf(id, { startedAt, outcome }), prices)]);
  };
  const served = attempt('openai', 'big-1', TODAY);
  for (const at of [TODAY, TODAY + DAY_MS - 1]) await settle(`first ${at}`, at, [served], 'complete');
  await settle('next day', TODAY + DAY_MS, [served], 'complete');
  await settle('other model', TODAY, [attempt('openai', 'small-1', TODAY)], 'complete');
  const [drawn, missed] = [attempt('google', 'art-1', TODAY), attempt('google', 'art-1', TODAY, { status: 200 })];
  await settle('pictures', TODAY, [drawn, missed, drawn, drawn], 'complete', { images: 3 });
  await settle('film', TODAY, [attempt('google', 'film-1', TODAY)], 'complete', { seconds: 8 });
  const timeout = attempt('openai', 'small-1', TODAY, {});
  await settle('failed over', TODAY, [timeout, attempt('anthropic', 'wise-1', TODAY)], 'complete');
  await settle('failed', TODAY, [attempt('openai', 'small-1', TODAY, { status: 500 }), timeout], 'failed');
}

const HEADER = 'model,day,cost_usd,output_tokens,input_tokens,region';
/** As the vendor would say it: 1,500 tokens in and 120 out cost 2,250,000 nano-USD. */
const line = (model: string, day: string, requests: bigint): string =>
  `${model},${day},${formatUsd(requests * 2_250_000n)},${requests * 120n},${requests * 1_500n},eu`;
const HONEST = [
  HEADER,
  line('big-1', dayOf(TODAY), 2n),
  line('big-1', dayOf(TODAY + DAY_MS), 1n),
  line('small-1', dayOf(TODAY), 1n),
];

async function reconcile(lines: readonly string[], ...flags: string[]) {
  return reconcileWith('openai', lines, ...flags);
}

async function reconcileWith(vendor: string, lines: readonly string[], ...flags: string[]) {
  const file = join(folder, 'export.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const options: Record<string, string> = { vendor, file };
  for (const flag of flags) options[flag] = '';
  const said: string[] = [];
  const code = await reconcileCommand.run({
    pool,
    option: (name) => options[name] ?? '',
    has: (name) => name in options,
    word: undefined,
    say: (text) => said.push(text),
  });
  return { code, said: said.join('\n') };
}

const owed = async (): Promise<readonly [string, string]> => {
  const { rows } = await pool.query<{ cost: string; payable: string }>(
    `SELECT coalesce(sum(amount) FILTER (WHERE account_id = 'platform:vendor-cost'), 0)::text AS cost,
       coalesce(sum(amount) FILTER (WHERE account_id = 'platform:vendor-payable'), 0)::text AS payable FROM ledger.entry`,
  );
  return [rows[0]?.cost ?? '', rows[0]?.payable ?? ''];
};

describe('reconciling with a vendor', () => {
  it('imports nothing of an export with a bad row', async () => {
    await expect(reconcile([...HONEST, 'big-1,yesterday,0.1,1,1,eu'])).rejects.toThrow(/line 5: day is "yesterday"/);
    expect(await owed()).toEqual(['0', '0']);
  });

  it('imports nothing for a vendor that there is not', async () => {
    await expect(reconcileWith('anthropics', HONEST)).rejects.toThrow(
      /^no such vendor: anthropics; there are anthropic, /,
    );
    expect(await owed()).toEqual(['0', '0']);
  });

  it('finds no drift in an honest export, books it, and tells of free attempts that it may have billed', async () => {
    const { code, said } = await reconcile(HONEST);
    expect(code).toBe(0);
    expect(said).toMatch(/imported 3 rows of openai: 0\.009 USD more are owed/);
    expect(said).toMatch(/small-1 +1500\/1500 +120\/120 +0\/0 +0\/0 +0\.00225\/0\.00225 +2, at most 0\.02/);
    expect(await owed()).toEqual(['-9000000', '9000000']);
  });

  it('books nothing for the same export again, and a difference for another', async () => {
    await reconcile(HONEST);
    expect(await owed()).toEqual(['-9000000', '9000000']);
    const more = HONEST.map((text) => text.replace('0.00225,', '0.00226,'));
    const { said } = await reconcile(more);
    expect(said).toMatch(/0\.00002 USD more are owed/);
    await reconcile(HONEST);
    await reconcile(more);
    expect(await owed()).toEqual(['-9020000', '9020000']);
  });

  it('finds the one row that is false, by day and model, and leaves with 1', async () => {
    const falsified = HONEST.map((text) => (text.startsWith('small-1') ? text.replace(',1500,', ',1700,') : text));
    const { code, said } = await reconcile(falsified);
    expect(code).toBe(1);
    expect(said.split('\n').filter((text) => text.startsWith('DRIFT'))).toEqual([
      expect.stringMatching(/small-1 +1700\/1500 ! +120\/120 +0\/0 +0\/0 +0\.00225\/0\.00225/),
    ]);
    const { said: json } = await reconcile(falsified, 'json');
    const rows = JSON.parse(json) as { model: string; beyond: string[]; drift: { inputTokens: string } }[];
    expect(rows.filter(({ beyond }) => beyond.length > 0)).toMatchObject([
      { model: 'small-1', beyond: ['inputTokens'], drift: { inputTokens: '200' } },
    ]);
  });

  it('compares pictures and seconds of film where an export counts them, and knows which of several calls were free', async () => {
    const header = 'model,day,cost_usd,output_tokens,input_tokens,images,seconds';
    const [art, films] = [`art-1,${dayOf(TODAY)},0.006,0,0`, `film-1,${dayOf(TODAY)},0.008,48000,0`];
    const honest = await reconcileWith('google', [header, `${art},3,`, `${films},,8`]);
    expect(honest.code).toBe(0);
    expect(honest.said).toMatch(/art-1 +0\/0 +0\/0 +3\/3 +0\/0 +0\.006\/0\.006 +1, at most 0\.01/);
    expect(honest.said).toMatch(/film-1 +0\/0 +48000\/0 +0\/0 +8\/8 +0\.008\/0\.008 +-/);
    const { code, said } = await reconcileWith('google', [header, `${art},4,`, `${films},,8`]);
    expect([code, said.split('\n').filter((text) => text.startsWith('DRIFT'))]).toEqual([
      1,
      [expect.stringMatching(/art-1 +0\/0 +0\/0 +4\/3 !/)],
    ]);
  });
});

import type { Grouping, UsageBucket, UsageSums } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import type { Usage } from '@bytespike/kernel';
import fc from 'fast-check';

import { tokensOf } from '../domain/token-classes.js';
import { usageReport } from '../domain/usage-report.js';
import { usageSelection } from '../domain/usage-selection.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgStatementStore } from './pg-statement-store.js';
import { addToQuarters, foldOfUsage } from '../sql/usage-quarters.js';

interface Row {
  readonly at: number;
  readonly keyId: string;
  readonly model: string;
  readonly cost: bigint;
  readonly units: Usage;
}

/** Half-hour and quarter-hour zones, changes of the clock by an hour and by half of one, north and south. */
const ZONES = [
  'UTC',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
] as const;

/** Days around which clocks change somewhere. */
const AROUND = ['2026-10-04', '2026-10-25', '2026-11-01', '2026-11-20'].map((day) => Date.parse(`${day}T00:00:00Z`));
const DAY_MS = 86_400_000;

const moment = fc
  .record({ day: fc.constantFrom(...AROUND), into: fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }) })
  .map(({ day, into }) => day + into);
const units: fc.Arbitrary<Usage> = fc.record(
  {
    input: fc.nat(1_000),
    cacheRead: fc.nat(1_000),
    cacheWrite5m: fc.nat(99),
    cacheWrite1h: fc.nat(99),
    toolInput: fc.nat(9),
    output: fc.nat(500),
    reasoning: fc.nat(500),
    audioOutput: fc.nat(9),
    searchCalls: fc.nat(3),
    images: fc.nat(4),
    seconds: fc.nat(60),
  },
  { requiredKeys: [] },
);
const row: fc.Arbitrary<Row> = fc.record({
  at: moment,
  keyId: fc.constantFrom('key_1', 'key_2'),
  model: fc.constantFrom('one', 'two'),
  cost: fc.bigInt(0n, 5_000n),
  units,
});
const grouping = fc.subarray<Grouping>(['day', 'hour', 'model', 'api_key'], { minLength: 1 });

/** A moment in a zone as Intl has it: its day, its hour, and how far the zone is ahead of UTC then. */
function localOf(at: number, timeZone: string): { readonly day: string; readonly hour: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    timeZoneName: 'longOffset',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = `${part['year']}-${part['month']}-${part['day']}`;
  const offset = part['timeZoneName']?.replace(/^GMT/, '').replace('+00:00', '') || 'Z';
  return { day, hour: `${day}T${part['hour']}:00:00${offset}` };
}

const sumsOf = ({ cost, units: used }: Pick<Row, 'cost' | 'units'>): UsageSums => {
  const { images = 0, seconds = 0 } = used;
  return { calls: 1, cost, tokens: tokensOf(used), images, seconds };
};

/** The roll-up as anyone would write it who has all rows in memory. */
function foldByHand(rows: readonly Row[], by: readonly Grouping[], timeZone: string): UsageBucket[] {
  const buckets = new Map<string, UsageBucket>();
  for (const { at, keyId, model, cost, units: used } of rows) {
    const local = localOf(at, timeZone);
    const time = by.includes('hour') ? local.hour : by.includes('day') ? local.day : undefined;
    const bucket = {
      ...(time !== undefined && { time }),
      ...(by.includes('model') && { model }),
      ...(by.includes('api_key') && { keyId, keyHint: `hint of ${keyId}` }),
    };
    const name = JSON.stringify(bucket);
    const sums = sumsOf({ cost, units: used });
    buckets.set(name, { ...bucket, ...plus(buckets.get(name), sums) });
  }
  return [...buckets.values()];
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const NOTHING: UsageSums = {
  calls: 0,
  cost: 0n,
  tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  images: 0,
  seconds: 0,
};

const plus = (one: UsageSums = NOTHING, other: UsageSums): UsageSums => ({
  calls: one.calls + other.calls,
  cost: one.cost + other.cost,
  tokens: {
    input: one.tokens.input + other.tokens.input,
    cacheRead: one.tokens.cacheRead + other.tokens.cacheRead,
    cacheWrite: one.tokens.cacheWrite + other.tokens.cacheWrite,
    output: one.tokens.output + other.tokens.output,
    reasoning: one.tokens.reasoning + other.tokens.reasoning,
  },
  images: one.images + other.images,
  seconds: one.seconds + other.seconds,
});

/** In any one order: that of time is looked at on its own. */
const byName = (buckets: readonly UsageBucket[]): UsageBucket[] =>
  buckets.toSorted((one, other) => compare(nameOf(one), nameOf(other)));
const nameOf = ({ time = '', model = '', keyId = '' }: UsageBucket): string => `${time} ${model} ${keyId}`;

let database: TestDatabase;
let pool: Pool;
let store: PgStatementStore;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 2);
  store = new PgStatementStore(pool);
  await pool.query(`SELECT ledger.make_months('2026-09-01', '2026-12-01')`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Rows as settlements leave them, at moments of the test's choosing, with the quarters that follow from them. */
async function write(accountId: string, rows: readonly Row[]): Promise<void> {
  const text = `
    WITH billed AS (
      INSERT INTO ledger.usage (request_id, account_id, key_id, key_hint, model, protocol, stream, price_version, ending, rule, flags,
        units, cost, cost_pico, attempts, started_at, duration_ms, created_at)
      SELECT $1 || ' ' || place, $1, key_id, 'hint of ' || key_id, model, 'openai-chat', false, 'p', 'complete', 'complete', '{}',
        units::jsonb, cost, cost * 1000, '[]', now(), 1, to_timestamp(at / 1000)
      FROM unnest($2::float8[], $3::text[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY AS t(at, key_id, model, cost, units, place)
      RETURNING account_id, key_id, key_hint, model, units, cost, created_at
    ) ${addToQuarters(foldOfUsage('billed'))}`;
  await pool.query(text, [
    accountId,
    rows.map(({ at }) => at),
    rows.map(({ keyId }) => keyId),
    rows.map(({ model }) => model),
    rows.map(({ cost }) => cost),
    rows.map((each) => JSON.stringify(each.units)),
  ]);
}

/** Newest last, and within one day or hour by name. */
const isInOrder = (buckets: readonly UsageBucket[]): boolean =>
  buckets.every((bucket, place) => {
    const before = buckets[place - 1];
    return (
      before === undefined ||
      (before.time === bucket.time ? nameOf(before) < nameOf(bucket) : startOf(before) < startOf(bucket))
    );
  });
const startOf = ({ time = '' }: UsageBucket): number => Date.parse(time);

describe('roll-ups', () => {
  it('are what a fold of the rows gives: for any rows, range, zone and grouping', async () => {
    let runs = 0;
    const agrees = fc.asyncProperty(
      fc.array(row, { maxLength: 40 }),
      fc.constantFrom(...ZONES),
      grouping,
      fc.tuple(moment, moment),
      fc.record({
        model: fc.constantFrom(undefined, 'one'),
        key: fc.constantFrom(undefined, 'key_2', 'hint of key_1'),
      }),
      async (rows, timeZone, by, [one, other], { model, key }) => {
        const accountId = `acc ${(runs += 1)}`;
        await write(accountId, rows);
        const [since, until] = [Math.min(one, other), Math.max(one, other)];
        const question = { accountId, since, until, by, timeZone, ...(model && { model }), ...(key && { key }) };
        const told = usageReport(await store.usageSums(usageSelection(question)));
        const meant = rows.filter(
          (each) =>
            each.at >= since &&
            each.at < until &&
            (model === undefined || each.model === model) &&
            (key === undefined || each.keyId === key || `hint of ${each.keyId}` === key),
        );
        expect(isInOrder(told.buckets)).toBe(true);
        expect(byName(told.buckets)).toEqual(byName(foldByHand(meant, by, timeZone)));
        expect(told.totals).toEqual(meant.map(sumsOf).reduce(plus, NOTHING));
      },
    );
    await fc.assert(agrees, { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false });
  });

  it('tell both of the hours that a clock goes through twice, in their order', async () => {
    // Berlin leaves summer time at 01:00 UTC on the 25th of October.
    const begin = Date.parse('2026-10-25T00:00:00Z');
    const rows = [0, 30, 60, 90, 120].map((minutes) => ({
      ...{ keyId: 'key_1', model: 'one', cost: 1n, units: {} },
      at: begin + minutes * 60_000,
    }));
    await write('twice', rows);
    const question = { accountId: 'twice', since: begin - 1, until: begin + DAY_MS, timeZone: 'Europe/Berlin' };
    const sums = async (by: Grouping[]): Promise<unknown> =>
      usageReport(await store.usageSums(usageSelection({ ...question, by }))).buckets.map(({ time, calls }) => [
        time,
        calls,
      ]);
    expect(await sums(['hour'])).toEqual([
      ['2026-10-25T02:00:00+02:00', 2],
      ['2026-10-25T02:00:00+01:00', 2],
      ['2026-10-25T03:00:00+01:00', 1],
    ]);
    expect(await sums(['day'])).toEqual([['2026-10-25', 5]]);
    expect(await sums(['api_key'])).toEqual([[undefined, 5]]);
  });
});

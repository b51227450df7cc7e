import { spawn } from 'node:child_process';

import pg from 'pg';

import { eventually, platform } from './platform.js';

/** One statement on the platform's database, as the database's owner and past every service. */
export async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: platform.urls.database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** What `npm run ledger -- verify` says and with which code it leaves: 0 when every invariant holds. */
export function verifyLedger(): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, DATABASE_URL: platform.urls.database };
  const child = spawn(process.execPath, ['--no-warnings', 'tools/ledger.mjs', 'verify'], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}

export interface HoldRow {
  readonly request_id: string;
  readonly state: 'held' | 'settled' | 'voided' | 'expired';
  readonly charged: string;
}

export const holdsOf = (accountId: string): Promise<HoldRow[]> =>
  query('SELECT request_id, state, charged FROM ledger.hold WHERE account_id = $1', [accountId]);

/**
 * Lets the hour pass after which an abandoned hold lapses: the expiry of this account's open holds is moved to now,
 * and the sweeper does the rest. Resolves when none is open.
 */
export async function lapseHolds(accountId: string): Promise<void> {
  await query(`UPDATE ledger.hold SET expires_at = now() WHERE account_id = $1 AND state = 'held'`, [accountId]);
  await eventually(async () => ((await holdsOf(accountId)).some(({ state }) => state === 'held') ? undefined : true));
}

interface UsageRow {
  readonly request_id: string;
  readonly price_version: string;
  readonly units: Readonly<Record<string, number>>;
  readonly cost: string;
}

/** Rows of usage with what their units cost at their price version, reckoned here and not by the ledger. */
export async function usageOf(
  accountId: string,
): Promise<{ requestId: string; cost: bigint; reckoned: bigint; units: UsageRow['units'] }[]> {
  const prices = new Map(
    (await query<{ id: string; prices: Record<string, string> }>('SELECT id, prices FROM ledger.price_version')).map(
      (row) => [row.id, row.prices],
    ),
  );
  const rows = await query<UsageRow>(
    'SELECT request_id, price_version, units, cost FROM ledger.usage WHERE account_id = $1',
    [accountId],
  );
  return rows.map(({ request_id, price_version, units, cost }) => ({
    requestId: request_id,
    units,
    cost: BigInt(cost),
    reckoned: reckon(units, prices.get(price_version) ?? {}),
  }));
}

/** Prices are USD per million units, so a unit costs as many millionths of a dollar: pico-USD after six decimals. */
function reckon(units: UsageRow['units'], prices: Readonly<Record<string, string>>): bigint {
  const pico = Object.entries(units).reduce((sum, [unit, count]) => {
    const price = prices[unit] ?? (unit === 'reasoning' ? prices['output'] : undefined);
    if (price === undefined) throw new Error(`no price for ${unit}`);
    const [whole = '', fraction = ''] = price.split('.');
    return sum + BigInt(count) * BigInt(whole + fraction.padEnd(6, '0'));
  }, 0n);
  return (pico + 500n) / 1_000n;
}

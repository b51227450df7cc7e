import { readEnv, urlField } from '@bytespike/config';
import { createPool, type Pool } from '@bytespike/database';
import { z } from 'zod';

import { LEDGER_SESSION } from '../ledger-pool.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { PROJECTIONS, type Projection } from './projections.js';
import { rebuildProjection } from './rebuild-projection.js';

/** As long as a scan of the whole book may take. */
const STATEMENT_MS_MAX = 600_000;

/** Wallets are never changed here: when they are not the fold of their entries, something is wrong that a sum would hide. */
const WALLET_LAWS: readonly string[] = ['I2', 'I3'];

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function rebuild(pool: Pool, name: string, projection: Projection): Promise<void> {
  const { differed, samples } = await rebuildProjection(pool, projection);
  say(differed === 0 ? `ok      ${name}: nothing differed` : `rebuilt ${name}: ${differed} rows differed`);
  for (const sample of samples) say(`          ${sample}`);
}

async function compareWallets(pool: Pool): Promise<boolean> {
  const findings = (await verifyLedger(pool)).filter(({ id }) => WALLET_LAWS.includes(id));
  const broken = findings.filter(({ violations }) => violations > 0);
  for (const { law, samples } of broken) say([`BROKEN  wallets: ${law}`, ...samples].join('\n          '));
  if (broken.length === 0) say('ok      wallets: they are what their entries and holds say');
  return broken.length === 0;
}

// `npm run ledger -- rebuild [usage | spend | all]`: exit 0 when everything is as it should be now, 1 when wallets are not, 2
// when nobody can tell.
try {
  const asked = process.argv[2] ?? 'all';
  const chosen = Object.entries(PROJECTIONS).filter(([name]) => asked === 'all' || asked === name);
  if (chosen.length === 0) throw new Error(`no such projection: usage, spend or all, not "${asked}"`);
  const env = readEnv(z.object({ DATABASE_URL: urlField('postgresql', 'postgres') }), process.env);
  const pool = createPool(env.DATABASE_URL, {
    ...{ max: 1, statementTimeoutMs: STATEMENT_MS_MAX, applicationName: 'ledger-rebuild' },
    session: { role: LEDGER_SESSION.role },
  });
  for (const [name, projection] of chosen) await rebuild(pool, name, projection);
  const isSound = await compareWallets(pool);
  await pool.end();
  process.exitCode = isSound ? 0 : 1;
} catch (error) {
  process.stderr.write(`nothing can be rebuilt: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

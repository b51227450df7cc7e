import type { Pool } from '@bytespike/database';

import { UsageError, type Call, type Command } from '../operators/run-command.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { PROJECTIONS, type Projection } from './projections.js';
import { rebuildProjection } from './rebuild-projection.js';

/** Wallets are never changed here: when they are not the fold of their entries, something is wrong that a sum would hide. */
const WALLET_LAWS: readonly string[] = ['I2', 'I3'];

type Say = Call['say'];

/** Exit 0 when everything is as it should be now, 1 when wallets are not. */
export const rebuildCommand: Command = {
  usage: `rebuild [${Object.keys(PROJECTIONS).join(' | ')} | all]`,
  options: {},
  takesWord: true,
  run: async ({ pool, word: asked = 'all', say }) => {
    const chosen = Object.entries(PROJECTIONS).filter(([name]) => asked === 'all' || asked === name);
    if (chosen.length === 0) throw new UsageError(`no such projection: ${asked}`);
    for (const [name, projection] of chosen) await rebuild(pool, name, projection, say);
    return (await compareWallets(pool, say)) ? 0 : 1;
  },
};

async function rebuild(pool: Pool, name: string, projection: Projection, say: Say): Promise<void> {
  const { differed, samples } = await rebuildProjection(pool, projection);
  say(differed === 0 ? `ok      ${name}: nothing differed` : `rebuilt ${name}: ${differed} rows differed`);
  for (const sample of samples) say(`          ${sample}`);
}

async function compareWallets(pool: Pool, say: Say): Promise<boolean> {
  const findings = (await verifyLedger(pool)).filter(({ id }) => WALLET_LAWS.includes(id));
  const broken = findings.filter(({ violations }) => violations > 0);
  for (const { law, samples } of broken) say([`BROKEN  wallets: ${law}`, ...samples].join('\n          '));
  if (broken.length === 0) say('ok      wallets: they are what their entries and holds say');
  return broken.length === 0;
}

import { readEnv, urlField } from '@bytespike/config';
import { createPool } from '@bytespike/database';
import { z } from 'zod';

import { describeFindings, verifyLedger } from './verify-ledger.js';

// `npm run ledger -- verify`: exit 0 when every invariant holds, 1 when one does not, 2 when nobody can tell.
try {
  const env = readEnv(z.object({ DATABASE_URL: urlField('postgresql', 'postgres') }), process.env);
  const pool = createPool(env.DATABASE_URL, { max: 1, statementTimeoutMs: 600_000, applicationName: 'ledger-verify' });
  const findings = await verifyLedger(pool);
  await pool.end();
  process.stdout.write(`${describeFindings(findings)}\n`);
  process.exitCode = findings.some(({ violations }) => violations > 0) ? 1 : 0;
} catch (error) {
  process.stderr.write(`the ledger cannot be verified: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

import type { Command } from '../operators/run-command.js';
import { describeFindings, verifyLedger } from './verify-ledger.js';

/** Exit 0 when every law holds, 1 when one does not. */
export const verifyCommand: Command = {
  usage: 'verify',
  options: {},
  run: async ({ pool, say }) => {
    const findings = await verifyLedger(pool);
    say(describeFindings(findings));
    return findings.some(({ violations }) => violations > 0) ? 1 : 0;
  },
};

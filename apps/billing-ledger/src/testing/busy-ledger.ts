import type { SizedHold } from '../domain/size-hold.js';
import { grantsOver } from './grants-over.js';
import { holdOf } from './ledger-fixtures.js';
import { MemoryLedgerStore } from './memory-ledger-store.js';

/** What every request holds. */
export const AMOUNT = 10n;

/** A wallet that spares a grant. */
export const RICH = 1_000_000n;

/** A ledger over a wallet, with its clock in the test's hands; `ask` admits one request as `admitHold` does. */
export async function ledgerOver(funds: bigint, store = new MemoryLedgerStore()) {
  await store.credit({ transactionId: `t ${funds}`, accountId: 'acc', amount: funds, reason: 'test', actor: 'test' });
  const clock = { now: 0 };
  const { grants, holds } = grantsOver(store, { now: () => clock.now });
  const ask = async (requestId: string, like: Partial<SizedHold> = {}) => {
    const hold = { ...holdOf(requestId, 'acc', AMOUNT), expiresAt: 60_000, ...like };
    const admission = grants.carve(hold);
    if (admission) return { by: 'grant' as const, ...admission };
    const result = await holds.submit(hold);
    if (result.kind === 'admitted') grants.admitted(hold, result);
    return { by: 'store' as const, kind: result.kind };
  };
  /** Busy enough that what comes next is carved. */
  const warm = async (like: Partial<SizedHold> = {}): Promise<void> => {
    for (let at = 0; at < 8; at += 1) await ask(`warm ${at}`, like);
    await holds.settled();
    await new Promise(setImmediate);
  };
  const grantHolds = () => [...store.holds.values()].filter(({ basis }) => basis === 'grant');
  return { store, clock, grants, ask, warm, grantHolds };
}

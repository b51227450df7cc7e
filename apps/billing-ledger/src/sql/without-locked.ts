import type { Pool } from '@bytespike/database';

import type { Locked } from '../store/ledger-store.js';
import { isLockTimeout } from './lock-waits.js';

/**
 * Wallets that somebody holds locked at this moment. It says whom to wait for, and nothing about money: a wallet that was
 * passed over here is not an empty one, and one that nobody has made is not locked.
 */
const LOCKED_WALLETS = `
WITH free AS MATERIALIZED (
  SELECT id FROM ledger.account WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE SKIP LOCKED
)
SELECT id FROM ledger.account WHERE id = ANY($1::text[]) AND id NOT IN (SELECT id FROM free)`;

export interface ManyAccounts<Item, Result> {
  /** One statement over a batch, all or nothing, or one that may be repeated. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Whose wallet each item needs, in order. */
  readonly accountsOf: (items: readonly Item[]) => Promise<readonly (string | undefined)[]>;
}

/**
 * Commits a batch in one go, as long as its wallets can be had. Where one of them cannot, who needs it is told so, and the
 * others are committed without them; where that fails again, each is left to wait for its own wallet.
 */
export async function withoutLocked<Item, Result>(
  pool: Pool,
  items: readonly Item[],
  { commit, accountsOf }: ManyAccounts<Item, Result>,
): Promise<readonly (Result | Locked)[]> {
  const all = await unlessLocked(commit(items));
  if (all) return all;
  const accounts = await accountsOf(items);
  const locked = await lockedWallets(pool, accounts);
  const isFree = (_: Item, at: number): boolean => !locked.has(accounts[at] ?? '');
  const free = items.filter(isFree);
  const committed = free.length === 0 ? [] : await unlessLocked(commit(free));
  const results = committed?.values();
  return items.map((item, at) => {
    const result = isFree(item, at) ? results?.next().value : undefined;
    return result ?? { kind: 'locked', accountId: accounts[at] ?? '' };
  });
}

/** Undefined where a lock was waited for in vain. */
export async function unlessLocked<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isLockTimeout(error)) return undefined;
    throw error;
  }
}

async function lockedWallets(
  pool: Pool,
  accounts: readonly (string | undefined)[],
): Promise<ReadonlySet<string | undefined>> {
  const ids = [...new Set(accounts)].filter((id) => id !== undefined);
  const { rows } = await pool.query<{ id: string }>(LOCKED_WALLETS, [ids]);
  return new Set(rows.map(({ id }) => id));
}

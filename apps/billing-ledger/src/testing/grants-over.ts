import { Grants } from '../grants.js';
import type { GrantPorts } from '../grant-keeper.js';
import { createLedgerGroups, type LedgerGroups } from '../ledger-groups.js';
import type { LedgerStore } from '../ledger-store.js';

let ids = 0;

/** A ledger's groups and grants over a store, with a clock in the test's hands when it wants one. */
export function grantsOver(
  store: LedgerStore,
  given: Partial<Pick<GrantPorts, 'now' | 'onFailure'>> = {},
): LedgerGroups & { readonly grants: Grants } {
  const groups = createLedgerGroups(store, 0);
  const ports = { now: Date.now, onFailure: () => undefined, ...given };
  return { ...groups, grants: new Grants({ ...groups, store, newId: () => String((ids += 1)), ...ports }) };
}

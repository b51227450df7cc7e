import { Grants } from '../admission/grants.js';
import type { GrantPorts } from '../admission/grant-keeper.js';
import { createLedgerGroups, type LedgerGroups } from '../store/ledger-groups.js';
import type { LedgerStore } from '../store/ledger-store.js';

let ids = 0;

/** A ledger's groups and grants over a store. Its clock stands still, or is in the test's hands. */
export function grantsOver(
  store: LedgerStore,
  given: Partial<Pick<GrantPorts, 'now' | 'onFailure'>> = {},
): LedgerGroups & { readonly grants: Grants } {
  const groups = createLedgerGroups(store);
  const ports = { reporter: 'ledger_1', now: () => 0, onFailure: () => undefined, ...given };
  return { ...groups, grants: new Grants({ ...groups, store, newId: () => String((ids += 1)), ...ports }) };
}

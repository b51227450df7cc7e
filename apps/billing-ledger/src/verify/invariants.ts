import type { Invariant } from './invariant.js';
import { LAWS_OF_HOLDS } from './laws-of-holds.js';
import { LAWS_OF_USAGE } from './laws-of-usage.js';
import { LAWS_OF_WALLETS } from './laws-of-wallets.js';

/** Every law that a query can check. README.md lists them under the same numbers. */
export const INVARIANTS: readonly Invariant[] = [...LAWS_OF_WALLETS, ...LAWS_OF_HOLDS, ...LAWS_OF_USAGE].sort(
  (one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }),
);

/** The others, and who proves them. */
export const PROVED_ELSEWHERE = [
  {
    id: 'I7',
    law: 'A replay changes nothing.',
    by: 'ledger-model.int.spec.ts: every statement of a run is sent twice',
  },
  {
    id: 'I10',
    law: "A vendor's tokens are ours, within a tolerance.",
    by: '`npm run ledger -- reconcile`, per day and model',
  },
  { id: 'I13', law: 'An idempotency key stands for one request.', by: 'the primary key of idempotency.answer' },
] as const;

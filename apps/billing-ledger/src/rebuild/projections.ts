import { COUNTED_BUCKETS, FOLD_OF_HOLDS } from '../sql/counted-holds.js';
import { foldOfUsage, QUARTER_KEY, SUMMED } from '../sql/usage-quarters.js';

/** Sums that are kept because somebody reads them often, and that follow from rows which are kept for ever. */
export interface Projection {
  readonly table: string;
  readonly key: readonly string[];
  readonly summed: readonly string[];
  /** The rows that stand. */
  readonly known: string;
  /** The rows as they follow. */
  readonly fold: string;
  /** Rows that the fold does not have, as they are when nothing is left in them; absent where one of nothing is as good as none. */
  readonly empty?: string;
}

export const PROJECTIONS = {
  usage: {
    table: 'ledger.usage_quarter',
    key: QUARTER_KEY.split(', '),
    summed: SUMMED,
    known: 'SELECT * FROM ledger.usage_quarter',
    fold: foldOfUsage('ledger.usage'),
    empty: 'calls = 0',
  },
  spend: {
    table: 'ledger.spend',
    key: ['account_id', 'subject', 'span', 'bucket'],
    summed: ['held', 'settled'],
    known: COUNTED_BUCKETS,
    fold: FOLD_OF_HOLDS,
  },
} as const satisfies Record<string, Projection>;

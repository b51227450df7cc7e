import { PLATFORM } from '../domain/platform-accounts.js';
import { MOVE_KINDS } from '../sql/move-kinds.js';
import type { Invariant } from './invariant.js';

/** What entries sum up to, and the wallets that are their fold. */
export const LAWS_OF_WALLETS: readonly Invariant[] = [
  {
    id: 'I1a',
    law: 'Each transaction was posted at one moment, so each leg of it once, and its legs sum to zero.',
    violations: `
      SELECT kind || ' ' || reference || ' sums to ' || sum(amount) || ' and was posted from ' || min(created_at) || ' to ' || max(created_at) AS what
      FROM ledger.entry GROUP BY reference, kind HAVING sum(amount) <> 0 OR min(created_at) <> max(created_at)`,
  },
  {
    id: 'I1b',
    law: 'All entries together sum to zero.',
    violations: `SELECT 'the ledger sums to ' || sum(amount) AS what FROM ledger.entry HAVING sum(amount) <> 0`,
  },
  {
    id: 'I2',
    law: 'Each wallet is the fold of its entries.',
    violations: `
      SELECT coalesce(account.id, fold.account_id) || ': wallet ' || coalesce(account.available, 0) || '/' || coalesce(account.held, 0)
        || ', entries ' || coalesce(fold.available, 0) || '/' || coalesce(fold.held, 0) AS what
      FROM ledger.account AS account
      FULL JOIN (
        SELECT account_id, sum(amount) FILTER (WHERE balance = 'available') AS available, sum(amount) FILTER (WHERE balance = 'held') AS held
        FROM ledger.entry WHERE balance <> 'posted' GROUP BY account_id
      ) AS fold ON fold.account_id = account.id
      WHERE coalesce(account.available, 0) <> coalesce(fold.available, 0) OR coalesce(account.held, 0) <> coalesce(fold.held, 0)`,
  },
  {
    id: 'I3',
    law: 'What a wallet holds back is the sum of its open holds.',
    violations: `
      SELECT coalesce(account.id, open.account_id) || ': held ' || coalesce(account.held, 0) || ', open holds ' || coalesce(open.amount, 0) AS what
      FROM ledger.account AS account
      FULL JOIN (SELECT account_id, sum(amount - drawn - returned) AS amount FROM ledger.hold WHERE ended_at IS NULL GROUP BY account_id) AS open
        ON open.account_id = account.id
      WHERE coalesce(account.held, 0) <> coalesce(open.amount, 0)`,
  },
  {
    id: 'I4',
    law: 'No wallet is overdrawn.',
    violations: `SELECT id || ': ' || available || '/' || held AS what FROM ledger.account WHERE available < 0 OR held < 0`,
  },
  {
    id: 'I14',
    law: 'Money that is no request enters and leaves wallets by a credit, which has posted what it says.',
    violations: `
      SELECT coalesce(credit.transaction_id, leg.reference) || ': credit ' || coalesce(credit.amount::text, 'none') || ', posted ' || coalesce(leg.amount, 0) AS what
      FROM ledger.credit AS credit
      FULL JOIN (SELECT reference, account_id, sum(amount) AS amount FROM ledger.entry
        WHERE kind IN (${MOVE_KINDS}) AND balance = 'available' GROUP BY reference, account_id) AS leg
        ON leg.reference = credit.transaction_id AND leg.account_id = credit.account_id
      WHERE credit.amount IS DISTINCT FROM coalesce(leg.amount, 0)`,
  },
  {
    id: 'I14b',
    law: 'What was given on top of payments, or taken back with them, is what promotion has posted.',
    violations: `
      SELECT coalesce(credit.transaction_id, leg.reference) || ': bonus ' || coalesce(credit.bonus::text, 'none') || ', promotion ' || coalesce(leg.amount, 0) AS what
      FROM (SELECT transaction_id, bonus FROM ledger.credit WHERE bonus <> 0) AS credit
      FULL JOIN (SELECT reference, sum(amount) AS amount FROM ledger.entry WHERE account_id = '${PLATFORM.promotion}' GROUP BY reference) AS leg
        ON leg.reference = credit.transaction_id
      WHERE coalesce(credit.bonus, 0) <> -coalesce(leg.amount, 0)`,
  },
  {
    id: 'I17',
    law: 'The book has room for the coming month.',
    violations: `
      SELECT part.name || ' ends with ' || coalesce(max(month.first_day)::text, 'nothing') AS what
      FROM (VALUES ('entry'), ('usage'), ('unbilled')) AS part(name)
      LEFT JOIN ledger.month AS month ON month."of" = part.name
      GROUP BY part.name
      HAVING coalesce(max(month.first_day), 'epoch') < date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month'`,
  },
];

import { QUARTER_KEY, SUMMED, foldOfUsage } from '../sql/usage-quarters.js';

/** One law of the ledger, as a query whose every row is a violation. */
export interface Invariant {
  readonly id: string;
  readonly law: string;
  readonly violations: string;
}

/** Numbered as in the design notes; each query names what it found in a column called `what`. */
export const INVARIANTS: readonly Invariant[] = [
  {
    id: 'I1a',
    law: 'The legs of each transaction sum to zero.',
    violations: `
      SELECT kind || ' ' || reference || ' sums to ' || sum(amount) AS what
      FROM ledger.entry GROUP BY reference, kind HAVING sum(amount) <> 0`,
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
      FULL JOIN (SELECT account_id, sum(amount - drawn - returned) AS amount FROM ledger.hold WHERE state = 'held' GROUP BY account_id) AS open
        ON open.account_id = account.id
      WHERE coalesce(account.held, 0) <> coalesce(open.amount, 0)`,
  },
  {
    id: 'I4',
    law: 'No wallet is overdrawn.',
    violations: `SELECT id || ': ' || available || '/' || held AS what FROM ledger.account WHERE available < 0 OR held < 0`,
  },
  {
    id: 'I5',
    law: 'Each hold is open or has exactly one end, of the kind its state says.',
    violations: `
      SELECT coalesce(hold.request_id, ends.reference) || ': ' || coalesce(hold.state, 'no hold') || ', ends ' || coalesce(ends.kinds, 'none') AS what
      FROM (SELECT request_id, state, CASE state WHEN 'settled' THEN 'settle' WHEN 'voided' THEN 'void' WHEN 'expired' THEN 'expire' END AS kind
        FROM ledger.hold WHERE CASE WHEN grant_id IS NULL THEN amount - drawn - returned > 0 ELSE charged > 0 END) AS hold
      FULL JOIN (SELECT reference, string_agg(DISTINCT kind, '+') AS kinds FROM ledger.entry
        WHERE kind IN ('settle', 'void', 'expire') AND balance <> 'posted' GROUP BY reference) AS ends
        ON ends.reference = hold.request_id
      WHERE ends.kinds IS DISTINCT FROM hold.kind`,
  },
  {
    id: 'I6',
    law: 'Nobody pays more than was held, and the rest is booked as overrun.',
    violations: `
      SELECT request_id || ': held ' || amount || ', charged ' || charged || ', overrun ' || overrun AS what
      FROM ledger.hold WHERE charged > amount OR (overrun > 0 AND charged < amount) OR (state <> 'settled' AND charged + overrun > 0)`,
  },
  {
    id: 'I6b',
    law: 'A grant is drawn by exactly what the holds carved from it were charged, and each of those has a grant.',
    violations: `
      SELECT coalesce(grants.request_id, carved.grant_id) || ': drawn ' || coalesce(grants.drawn::text, 'nothing') || ', charged ' || coalesce(carved.charged, 0) AS what
      FROM (SELECT request_id, drawn FROM ledger.hold WHERE grant_id IS NULL) AS grants
      FULL JOIN (SELECT grant_id, sum(charged) AS charged FROM ledger.hold WHERE grant_id IS NOT NULL GROUP BY grant_id) AS carved
        ON carved.grant_id = grants.request_id
      WHERE grants.drawn IS DISTINCT FROM coalesce(carved.charged, 0)`,
  },
  {
    id: 'I8',
    law: 'What a counter has counted in a bucket is the fold of its holds.',
    violations: `
      SELECT coalesce(spend.account_id, fold.account_id) || ' ' || coalesce(spend.counter, fold.counter) || ' ' || coalesce(spend.bucket, fold.bucket)
        || ': counted ' || coalesce(spend.held, 0) || '/' || coalesce(spend.settled, 0) || ', holds ' || coalesce(fold.held, 0) || '/' || coalesce(fold.settled, 0) AS what
      FROM (SELECT account_id, subject || ' ' || span AS counter, bucket, held, settled FROM ledger.spend WHERE bucket > ledger.horizon(span, now())) AS spend
      FULL JOIN (
        SELECT account_id, counter, ledger.bucket_of(split_part(counter, ' ', 2), slot) AS bucket, sum(held) AS held, sum(settled) AS settled
        FROM (
          SELECT account_id, counters, date_bin('5 minutes', counted_at, 'epoch') AS slot,
            sum(amount - drawn - returned) FILTER (WHERE state = 'held') AS held, sum(charged + drawn) AS settled
          FROM ledger.hold WHERE grant_id IS NULL AND counters <> '{}' GROUP BY account_id, counters, slot
        ) AS alike CROSS JOIN LATERAL unnest(counters) AS counter
        GROUP BY 1, 2, 3
        HAVING ledger.bucket_of(split_part(counter, ' ', 2), min(slot)) > ledger.horizon(split_part(counter, ' ', 2), now())
      ) AS fold ON fold.account_id = spend.account_id AND fold.counter = spend.counter AND fold.bucket = spend.bucket
      WHERE coalesce(spend.held, 0) <> coalesce(fold.held, 0) OR coalesce(spend.settled, 0) <> coalesce(fold.settled, 0)`,
  },
  {
    id: 'I9',
    law: 'Revenue less overrun is what usage rows say customers paid.',
    violations: `
      SELECT 'platform ' || platform.net || ', usage rows ' || usage.cost AS what
      FROM (SELECT coalesce(sum(amount), 0) AS net FROM ledger.entry WHERE account_id IN ('platform:revenue', 'platform:overrun')) AS platform,
        (SELECT coalesce(sum(cost), 0) AS cost FROM ledger.usage) AS usage
      WHERE platform.net <> usage.cost`,
  },
  {
    id: 'I9b',
    law: 'The roll-up is the fold of the usage rows, quarter by quarter.',
    violations: `
      SELECT concat_ws(' ', ${QUARTER_KEY}) || ': summed ' || coalesce(known::text, 'nothing') || ', rows ' || coalesce(fold::text, 'none') AS what
      FROM (SELECT ${QUARTER_KEY}, ROW(${SUMMED.join(', ')}) AS known FROM ledger.usage_quarter) AS quarters
      FULL JOIN (SELECT ${QUARTER_KEY}, ROW(${SUMMED.join(', ')}) AS fold FROM (${foldOfUsage('ledger.usage')}) AS summed) AS rows
        USING (${QUARTER_KEY})
      WHERE known::text IS DISTINCT FROM fold::text`,
  },
  {
    id: 'I12',
    law: 'Each settled hold has its usage row at its charge, and nothing else has one.',
    violations: `
      SELECT coalesce(hold.request_id, usage.request_id) || ': charged ' || coalesce(hold.charged::text, 'nothing') || ', row ' || coalesce(usage.cost::text, 'none') AS what
      FROM (SELECT request_id, charged FROM ledger.hold WHERE state = 'settled') AS hold
      FULL JOIN ledger.usage AS usage ON usage.request_id = hold.request_id
      WHERE usage.cost IS DISTINCT FROM hold.charged`,
  },
];

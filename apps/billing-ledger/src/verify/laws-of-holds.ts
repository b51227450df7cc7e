import { COUNTED_BUCKETS, FOLD_OF_HOLDS } from '../sql/counted-holds.js';
import type { Invariant } from './invariant.js';

/** How holds end, what they are charged, and what counts them. */
export const LAWS_OF_HOLDS: readonly Invariant[] = [
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
      SELECT concat_ws(' ', account_id, subject, span, bucket) || ': counted ' || coalesce(spend.held, 0) || '/' || coalesce(spend.settled, 0)
        || ', holds ' || coalesce(fold.held, 0) || '/' || coalesce(fold.settled, 0) AS what
      FROM (${COUNTED_BUCKETS}) AS spend FULL JOIN (${FOLD_OF_HOLDS}) AS fold USING (account_id, subject, span, bucket)
      WHERE coalesce(spend.held, 0) <> coalesce(fold.held, 0) OR coalesce(spend.settled, 0) <> coalesce(fold.settled, 0)`,
  },
  {
    id: 'I11',
    law: 'No hold is open an hour after it was to lapse.',
    violations: `
      SELECT request_id || ': held ' || amount || ' since ' || created_at || ', to lapse at ' || expires_at AS what
      FROM ledger.hold WHERE ended_at IS NULL AND greatest(expires_at, created_at) < now() - interval '1 hour'`,
  },
];

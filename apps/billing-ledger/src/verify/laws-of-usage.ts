import { PLATFORM } from '../domain/platform-accounts.js';
import { QUARTER_KEY, SUMMED, foldOfUsage } from '../sql/usage-quarters.js';
import type { Invariant } from './invariant.js';

/** What customers and vendors are told they owe, against what was booked. */
export const LAWS_OF_USAGE: readonly Invariant[] = [
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
  {
    id: 'I10b',
    law: 'What vendors cost is booked as their exports say.',
    violations: `
      SELECT 'booked ' || booked.cost || ', imported ' || imported.cost AS what
      FROM (SELECT coalesce(-sum(amount), 0) AS cost FROM ledger.entry WHERE account_id = '${PLATFORM.vendorCost}') AS booked,
        (SELECT coalesce(sum(cost), 0) AS cost FROM ledger.vendor_cost) AS imported
      WHERE booked.cost <> imported.cost`,
  },
  {
    id: 'I15',
    law: 'With all its corrections a request is charged between nothing and its hold.',
    violations: `
      SELECT correction.request_id || ': held ' || coalesce(hold.amount, 0) || ', charged ' || coalesce(hold.charged, 0) || ', given back ' || correction.amount AS what
      FROM (SELECT source->>'request_id' AS request_id, sum(amount) AS amount FROM ledger.credit WHERE kind = 'correction' GROUP BY 1) AS correction
      LEFT JOIN ledger.hold AS hold ON hold.request_id = correction.request_id
      WHERE coalesce(hold.charged - correction.amount NOT BETWEEN 0 AND hold.amount, true)`,
  },
  {
    id: 'I16',
    law: 'What was decided to charge for a doubted fact is what a correction took.',
    violations: `
      SELECT decision.request_id || ': decided ' || decision.charged || ', taken ' || coalesce(-credit.amount, 0) AS what
      FROM ledger.quarantine_decision AS decision
      LEFT JOIN ledger.credit AS credit ON credit.transaction_id = 'quarantine ' || decision.request_id AND credit.kind = 'correction'
      WHERE decision.charged <> coalesce(-credit.amount, 0)`,
  },
];

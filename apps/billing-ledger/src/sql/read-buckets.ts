import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { Counter } from '../domain/standing.js';
import { counterName } from '../domain/subjects.js';
import type { SettledBucket } from '../store/ledger-store.js';

const READ_BUCKETS = `
SELECT asked.name, extract(epoch FROM spend.bucket)::float8 * 1000 AS at, spend.settled + spend.carried AS settled
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS asked(name, account_id, subject, span)
JOIN ledger.spend AS spend ON spend.account_id = asked.account_id AND spend.subject = asked.subject AND spend.span = asked.span
  AND spend.bucket > ledger.horizon(asked.span, now())
WHERE spend.settled + spend.carried > 0
ORDER BY spend.bucket`;

interface Row {
  readonly name: string;
  readonly at: number;
  readonly settled: NanoUsd;
}

/** What was settled within the span of each counter, oldest first. */
export async function readBuckets(
  pool: Pool,
  counters: readonly Counter[],
): Promise<readonly (readonly SettledBucket[])[]> {
  const asked = [...new Map(counters.map((counter) => [counterName(counter), counter]))];
  const { rows } = await pool.query<Row>({
    name: 'read-buckets',
    text: READ_BUCKETS,
    values: [
      asked.map(([name]) => name),
      asked.map(([, { accountId }]) => accountId),
      asked.map(([, { subject }]) => subject),
      asked.map(([, { span }]) => span),
    ],
  });
  const buckets = new Map<string, SettledBucket[]>(asked.map(([name]) => [name, []]));
  for (const { name, at, settled } of rows) buckets.get(name)?.push({ at, settled });
  return counters.map((counter) => buckets.get(counterName(counter)) ?? []);
}

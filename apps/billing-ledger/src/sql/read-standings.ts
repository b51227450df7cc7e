import type { Pool } from '@bytespike/database';

import type { Counter, Standing } from '../domain/standing.js';
import { Standings } from '../domain/standings.js';
import { counterName } from '../domain/subjects.js';
import type { StandingQuery } from '../store/ledger-store.js';
import { beginCounters } from './begin-counters.js';
import { hearRow, STANDING_ROWS, type StandingRow } from './standing-rows.js';

const READ_STANDINGS = `
WITH wallet AS (
  SELECT id, available, held FROM ledger.account WHERE id = ANY($1::text[])
), counted AS (
  SELECT * FROM ledger.counted($2::text[], $3::text[], now())
)
${STANDING_ROWS}`;

/** How accounts stand towards caps, without a lock. Counters that nobody has begun are begun, so that their past is told. */
export async function readStandings(pool: Pool, asked: readonly StandingQuery[]): Promise<readonly Standing[]> {
  const needed = new Map<string, Counter>();
  for (const { accountId, caps } of asked)
    for (const { subject, span } of caps)
      needed.set(counterName({ accountId, subject, span }), { accountId, subject, span });
  const accountIds = asked.map(({ accountId }) => accountId);
  let standings = await read(pool, accountIds, [...needed.values()]);
  const missing = [...needed.values()].filter((counter) => !standings.isCounted(counter));
  if (missing.length > 0) {
    await beginCounters(pool, missing);
    standings = await read(pool, accountIds, [...needed.values()]);
  }
  return asked.map(({ accountId, caps }) => standings.of(accountId, caps));
}

async function read(pool: Pool, accountIds: readonly string[], counters: readonly Counter[]): Promise<Standings> {
  const subjects = new Map(counters.map((counter) => [`${counter.accountId} ${counter.subject}`, counter]));
  const named = [...subjects.values()];
  const { rows } = await pool.query<StandingRow>({
    name: 'read-standings',
    text: READ_STANDINGS,
    values: [accountIds, named.map(({ accountId }) => accountId), named.map(({ subject }) => subject)],
  });
  const standings = new Standings();
  for (const row of rows) hearRow(standings, row);
  return standings;
}

import { TASKS_REPORTER } from '@bytespike/contracts';
import { arrayLiteral, type Pool } from '@bytespike/database';

import { answering } from '../store/answering.js';
import { GRANT_TIMES } from '../admission/grant-keeper.js';
import { OrphanStore, type AskedRequest, type OpenHolds } from './orphan-store.js';

const SEEN = `
INSERT INTO ledger.reporter (id, seen_at, open_since) VALUES ($1, now(), now() - make_interval(secs => $2::float8 / 1000))
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, open_since = excluded.open_since`;

const GREET =
  'INSERT INTO ledger.reporter (id, seen_at, open_since) VALUES ($1, now(), now()) ON CONFLICT (id) DO NOTHING';

/** So many milliseconds before now, by the clock that heartbeats are noted by. */
const ago = (ms: string): string => `(now() - make_interval(secs => ${ms}::float8 / 1000))`;

const SILENT = `SELECT id FROM ledger.reporter WHERE id = ANY($1::text[]) AND seen_at < ${ago('$2')}`;

/**
 * A grant is carved from for some seconds after it was taken. A request that began later than twice that was not carved from
 * it, whatever the clocks of two machines say.
 */
const CARVED_MS_MAX = 2 * GRANT_TIMES.carveMs;

/**
 * The partial index on open holds finds them without looking at ended ones. Tasks are nobody's orphans: their reporter is a
 * queue of rows that outlives its workers. Nor do they keep a grant from being one, since no render is carved.
 */
const ORPHANS = `
WITH living AS MATERIALIZED (
  SELECT min(open_since) AS open_since FROM ledger.reporter WHERE seen_at >= ${ago('$1')} AND id <> '${TASKS_REPORTER}'
)
SELECT hold.request_id FROM ledger.hold AS hold JOIN ledger.reporter AS reporter ON reporter.id = hold.reporter
WHERE hold.ended_at IS NULL AND reporter.seen_at < ${ago('$1')} AND reporter.id <> '${TASKS_REPORTER}'
  AND (hold.basis <> 'grant' OR hold.created_at + interval '${CARVED_MS_MAX} ms' < (SELECT coalesce(open_since, 'infinity') FROM living))
ORDER BY hold.created_at LIMIT $2`;

/**
 * A hold that was carved has no row before its end: until then its grant holds the money back. Most that are asked about have
 * one, and their grants are not read. Read one by one, since a join may be planned to read every hold there is.
 */
const UNENDED = `
SELECT asked.request_id
FROM unnest($1::text[], $2::text[]) AS asked(request_id, grant_id)
WHERE coalesce(
  (SELECT hold.state FROM ledger.hold AS hold WHERE hold.request_id = asked.request_id),
  (SELECT source.state FROM ledger.hold AS source WHERE source.request_id = asked.grant_id)
) = 'held'`;

const OPEN_HOLDS = `
SELECT coalesce(extract(epoch FROM now() - min(hold.created_at)), 0)::float8 AS oldest_age_seconds,
  coalesce(sum(hold.amount - hold.drawn - hold.returned)
    FILTER (WHERE hold.expires_at < now() OR (reporter.seen_at < ${ago('$1')} AND reporter.id <> '${TASKS_REPORTER}')), 0)::text AS stranded
FROM ledger.hold AS hold LEFT JOIN ledger.reporter AS reporter ON reporter.id = hold.reporter
WHERE hold.ended_at IS NULL`;

/** By then every hold of theirs has lapsed by its own time, as long as requests last less than hours. */
const FORGET_GONE = `
DELETE FROM ledger.reporter AS reporter WHERE seen_at < now() - interval '1 day'
  AND NOT EXISTS (SELECT 1 FROM ledger.hold AS hold WHERE hold.ended_at IS NULL AND hold.reporter = reporter.id)`;

/** Reporters and orphans in Postgres. */
export class PgOrphanStore extends OrphanStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async seen(reporter: string, oldestOpenMs: number): Promise<void> {
    await answering(this.pool.query(SEEN, [reporter, oldestOpenMs]));
  }

  async greet(reporter: string): Promise<void> {
    await answering(this.pool.query(GREET, [reporter]));
  }

  async silent(reporters: readonly string[], silentForMs: number): Promise<readonly string[]> {
    const { rows } = await answering(this.pool.query<{ id: string }>(SILENT, [reporters, silentForMs]));
    return rows.map(({ id }) => id);
  }

  orphans(silentForMs: number, limit: number): Promise<readonly string[]> {
    return this.ids(ORPHANS, [silentForMs, limit]);
  }

  unended(requests: readonly AskedRequest[]): Promise<readonly string[]> {
    return this.ids(UNENDED, [
      arrayLiteral(requests.map(({ requestId }) => requestId)),
      arrayLiteral(requests.map(({ grantId }) => grantId ?? null)),
    ]);
  }

  async openHolds(silentForMs: number): Promise<OpenHolds> {
    const { rows } = await answering(
      this.pool.query<{ oldest_age_seconds: number; stranded: string }>(OPEN_HOLDS, [silentForMs]),
    );
    return { oldestAgeSeconds: rows[0]?.oldest_age_seconds ?? 0, stranded: BigInt(rows[0]?.stranded ?? '0') };
  }

  async forgetGone(): Promise<void> {
    await answering(this.pool.query(FORGET_GONE));
  }

  private async ids(text: string, values: readonly unknown[]): Promise<readonly string[]> {
    const { rows } = await answering(this.pool.query<{ request_id: string }>(text, [...values]));
    return rows.map((row) => row.request_id);
  }
}

import { STANDING_COLUMNS } from './task-values.js';

// Leases are between processes, whose clocks need not agree, so they are by the database's clock. When to look at a task
// next is by the worker's, whose plan it is.

const LATER = (ms: string): string => `clock_timestamp() + ${ms}::float8 * interval '1 ms'`;
const IS_FREE = `(lease_until IS NULL OR lease_until <= clock_timestamp())`;

export const INSERT = {
  name: 'task-insert',
  text: `INSERT INTO tasks.task (id, account_id, key_id, key_hint, organisation_id, member_id, out_task_id, input_hash, model, alias, kind,
           asked, shown, targets, state, mark, estimated_seconds, callback_url, traceparent, next_action_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'admitting', $15, $16, $17, $18, $19, $20)
         ON CONFLICT (key_id, out_task_id) DO NOTHING RETURNING *`,
} as const;

export const FIND = { name: 'task-find', text: 'SELECT * FROM tasks.task WHERE id = $1 AND key_id = $2' } as const;

export const FIND_NAMED = {
  name: 'task-find-named',
  text: 'SELECT * FROM tasks.task WHERE key_id = $1 AND out_task_id = $2',
} as const;

export const READ_MANY = {
  name: 'task-read-many',
  text: 'SELECT * FROM tasks.task WHERE id = ANY($1::text[])',
} as const;

export const COUNT_OPEN = {
  name: 'task-count-open',
  text: 'SELECT count(*)::int AS open FROM tasks.task WHERE account_id = $1 AND ended_at IS NULL',
} as const;

/** Whoever was about to give it up has lost it. */
export const ADMIT = {
  name: 'task-admit',
  text: `UPDATE tasks.task SET state = 'pending', estimated_cost = $2, next_action_at = $3, deadline_at = $4,
           fence = fence + 1, lease_until = NULL
         WHERE id = $1 AND state = 'admitting' RETURNING *`,
} as const;

export const WITHDRAW = {
  name: 'task-withdraw',
  text: `DELETE FROM tasks.task WHERE id = $1 AND state = 'admitting'`,
} as const;

/**
 * Of a task that is asked for by its name. Who looks for what is open says `ended_at IS NULL`: it is the condition of the
 * index on open tasks, and a plan made from statistics that know of none reads all of them, be the task named or not.
 */
const IS_OPEN = `state NOT IN ('completed', 'failed', 'cancelled')`;

export const CLAIM = {
  name: 'task-claim',
  text: `UPDATE tasks.task SET fence = fence + 1, lease_until = ${LATER('$3')}
         WHERE id = $1 AND ${IS_OPEN} AND next_action_at <= $2 AND ${IS_FREE} RETURNING *`,
} as const;

/** Of one state, so that the index on it and the time gives the oldest without sorting all. */
const DUE_RENDERS = (state: 'running' | 'needs_review'): string => `
           SELECT id FROM tasks.task
           WHERE state = '${state}' AND report IS NULL AND next_action_at <= $1 AND ${IS_FREE}
           ORDER BY next_action_at LIMIT $3 FOR UPDATE SKIP LOCKED`;

/** What another worker claims at the same moment is left to it. `$3` at most of each state. */
export const CLAIM_RENDERS = {
  name: 'task-claim-renders',
  text: `UPDATE tasks.task SET fence = fence + 1, lease_until = ${LATER('$2')}
         WHERE id = ANY (ARRAY(${DUE_RENDERS('running')}) || ARRAY(${DUE_RENDERS('needs_review')})) RETURNING *`,
} as const;

/** One that was given back is nobody's, whatever its last holder still does. */
export const RENEW = {
  name: 'task-renew',
  text: `UPDATE tasks.task AS task SET lease_until = ${LATER('$3')}
         FROM unnest($1::text[], $2::int[]) AS held(id, fence)
         WHERE task.id = held.id AND task.fence = held.fence AND task.lease_until IS NOT NULL`,
} as const;

/** A cancel that came since is looked at at once. */
export const POSTPONE = {
  name: 'task-postpone',
  text: `UPDATE tasks.task AS task SET lease_until = NULL, polls = asked.polls,
           next_action_at = CASE WHEN cancel_requested_at IS NULL THEN asked.next ELSE least(cancel_requested_at, asked.next) END
         FROM unnest($1::text[], $2::int[], $3::int[], $4::timestamptz[]) AS asked(id, fence, polls, next)
         WHERE task.id = asked.id AND task.fence = asked.fence`,
} as const;

export const RELEASE = {
  name: 'task-release',
  text: `UPDATE tasks.task SET lease_until = NULL, next_action_at = least($3, next_action_at) WHERE id = $1 AND fence = $2`,
} as const;

/** Of the standing's columns, from the given number on. */
const assignments = (from: number): string =>
  STANDING_COLUMNS.map((column, place) => `${column} = $${String(place + from)}`).join(', ');
const AFTER_STANDING = STANDING_COLUMNS.length + 5;

/**
 * `$3`: for how long the lease is kept, null to give it back. `$4`: the cancel that the writer knew of; one that came since
 * is looked at at once.
 */
const WRITTEN = `${assignments(5)},
  next_action_at = CASE
    WHEN cancel_requested_at IS DISTINCT FROM $4 AND $${String(AFTER_STANDING)}::timestamptz IS NOT NULL
    THEN least(cancel_requested_at, $${String(AFTER_STANDING)}::timestamptz)
    ELSE $${String(AFTER_STANDING)}::timestamptz END,
  lease_until = CASE WHEN $3::float8 IS NULL THEN NULL ELSE ${LATER('$3')} END,
  asked = CASE WHEN $5 IN ('completed', 'failed', 'cancelled') THEN NULL ELSE asked END`;

export const WRITE = {
  name: 'task-write',
  text: `UPDATE tasks.task SET ${WRITTEN} WHERE id = $1 AND fence = $2 RETURNING *`,
} as const;

/** One send is known by its moment; whoever believed its sender dead loses the lease. */
export const WRITE_SENT = {
  name: 'task-write-sent',
  text: `UPDATE tasks.task SET ${WRITTEN}, fence = fence + 1
         WHERE id = $1 AND $2::int IS NOT NULL AND upstream_id IS NULL AND report IS NULL AND outcome IS NULL
           AND state IN ('submitting', 'needs_review') AND sent_at = $${String(AFTER_STANDING + 1)} RETURNING *`,
} as const;

export const REMOVE = { name: 'task-remove', text: 'DELETE FROM tasks.task WHERE id = $1 AND fence = $2' } as const;

export const REQUEST_CANCEL = {
  name: 'task-request-cancel',
  text: `UPDATE tasks.task SET cancel_requested_at = coalesce(cancel_requested_at, $2),
           next_action_at = least(next_action_at, $2)
         WHERE id = $1 AND ${IS_OPEN} RETURNING *`,
} as const;

/** Each kind of work by itself: a vendor that takes nothing more, and all that waits for it, keeps no settlement from being found. */
export const OVERDUE = {
  name: 'task-overdue',
  text: `SELECT due.* FROM (VALUES
           ('admitting', NULL::boolean, NULL::text), ('pending', NULL, 'image'), ('pending', NULL, 'video'), ('submitting', NULL, NULL),
           ('running', false, NULL), ('running', true, NULL), ('settling', NULL, NULL), ('needs_review', NULL, NULL)
         ) AS place (state, has_report, kind)
         CROSS JOIN LATERAL (
           SELECT id, state, kind, report IS NOT NULL AS has_report, next_action_at, fence FROM tasks.task AS task
           WHERE task.state = place.state AND next_action_at < $1 AND ${IS_FREE}
             AND coalesce((report IS NOT NULL) = place.has_report, true) AND coalesce(task.kind = place.kind, true)
           ORDER BY next_action_at LIMIT $2
         ) AS due`,
} as const;

export const OTHER_RENDERS = {
  name: 'task-other-renders',
  text: `SELECT upstream_id FROM tasks.task
         WHERE upstream_id IS NOT NULL AND sent_at BETWEEN $1 AND $2 AND id <> $3 AND targets->0->>'channelId' = $4
         ORDER BY sent_at DESC LIMIT $5`,
} as const;

export const HAS_OTHER_SENDS = {
  name: 'task-has-other-sends',
  text: `SELECT 1 FROM tasks.task
         WHERE ended_at IS NULL AND state IN ('submitting', 'needs_review') AND upstream_id IS NULL AND id <> $1
           AND targets->0->>'channelId' = $2 AND arrived_by >= $3 AND sent_at <= $4 LIMIT 1`,
} as const;

export const LIST_REVIEWS = {
  name: 'task-list-reviews',
  text: `SELECT * FROM tasks.task WHERE ended_at IS NULL AND state = 'needs_review' ORDER BY deadline_at, id LIMIT $1`,
} as const;

export const CLAIM_REVIEW = {
  name: 'task-claim-review',
  text: `UPDATE tasks.task SET fence = fence + 1, lease_until = ${LATER('$2')}
         WHERE id = $1 AND state = 'needs_review' AND ${IS_FREE} RETURNING *`,
} as const;

/** `$1` now, `$2` and `$3` the moments before which nothing should have been left. */
export const COUNT_BY_STATE = {
  name: 'task-count-by-state',
  text: `SELECT state, targets->0->>'vendor' AS vendor, count(*)::int AS open,
           extract(epoch FROM $1::timestamptz - min(created_at))::float8 * 1000 AS "oldestMs",
           count(*) FILTER (WHERE CASE state
             WHEN 'settling' THEN (outcome->>'decidedAt')::float8 < extract(epoch FROM $2::timestamptz) * 1000
             ELSE sent_at < $2 END)::int AS stuck,
           count(*) FILTER (WHERE next_action_at < $3 AND ${IS_FREE})::int AS overdue
         FROM tasks.task WHERE ended_at IS NULL GROUP BY 1, 2`,
} as const;

export const OLDEST_OPEN = {
  name: 'task-oldest-open',
  text: 'SELECT min(created_at) AS oldest FROM tasks.task WHERE ended_at IS NULL',
} as const;

/** As many as a model makes in some hours are looked through: how long it takes is no matter of history. */
export const RECENT_SECONDS = {
  name: 'task-recent-seconds',
  text: `SELECT extract(epoch FROM ended_at - submitted_at)::float8 AS seconds FROM (
           SELECT ended_at, submitted_at, shown FROM tasks.task
           WHERE state = 'completed' AND model = $1 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1000
         ) AS recent
         WHERE coalesce(shown->>'seconds', shown->>'images', '1') = $2 AND submitted_at IS NOT NULL
         ORDER BY ended_at DESC LIMIT $3`,
} as const;

import type { NamedStatement } from '@bytespike/database';

const COLUMNS = `
  delivery.id, delivery.task_id, delivery.account_id, delivery.url, delivery.event, delivery.state, delivery.attempts,
  delivery.tries, delivery.next_attempt_at, delivery.created_at, delivery.lease_until`;

/** With the request that submitted the task, which the span of an attempt is linked to. */
const CLAIMED = `${COLUMNS}, (SELECT task.traceparent FROM tasks.task WHERE task.id = delivery.task_id) AS traceparent`;

/** A column to the millisecond rounds up, and what is to be told at once would not be due for the rest of it. */
export const AT_ONCE = `date_trunc('milliseconds', now())`;

/** The time of a message has come and nobody is sending it. */
const IS_FREE = `
  delivery.next_attempt_at <= now() AND (delivery.lease_until IS NULL OR delivery.lease_until <= now())`;

const IS_DUE = `delivery.state = 'pending' AND ${IS_FREE}`;

/**
 * `$1` which message, `$2` seconds. In other words than the index on waiting messages: where the statistics know of none, a
 * plan would read all of that index instead of going by the name.
 */
export const CLAIM: NamedStatement = {
  name: 'callbacks-claim',
  text: `
    UPDATE tasks.delivery SET lease_until = now() + make_interval(secs => $2)
    WHERE delivery.id = $1 AND delivery.state NOT IN ('delivered', 'failed') AND ${IS_FREE}
    RETURNING ${CLAIMED}`,
};

/** Gives back what was not sent. */
export const RELEASE: NamedStatement = {
  name: 'callbacks-release',
  text: 'UPDATE tasks.delivery SET lease_until = NULL WHERE id = $1 AND lease_until = $2',
};

/** The longest waiting of an account, for whoever has just told another one of its messages. */
export const CLAIM_NEXT: NamedStatement = {
  name: 'callbacks-claim-next',
  text: `
    UPDATE tasks.delivery SET lease_until = now() + make_interval(secs => $2)
    WHERE delivery.id = (
      SELECT delivery.id FROM tasks.delivery
      WHERE delivery.account_id = $1 AND ${IS_DUE}
      ORDER BY delivery.next_attempt_at LIMIT 1
      FOR UPDATE SKIP LOCKED
    )
    RETURNING ${CLAIMED}`,
};

/**
 * What an attempt came to. It is listed in any case; what follows from it holds only for whoever still has the lease: after
 * a resend, or for a second sender, the message is somebody else's.
 */
export const RECORD: NamedStatement = {
  name: 'callbacks-record',
  text: `
    UPDATE tasks.delivery SET
      attempts = attempts || $3::jsonb,
      tries = CASE WHEN lease_until = $2 THEN tries + 1 ELSE tries END,
      state = CASE WHEN lease_until = $2 THEN $4 ELSE state END,
      next_attempt_at = CASE WHEN lease_until = $2 THEN now() + make_interval(secs => $5) ELSE next_attempt_at END,
      lease_until = CASE WHEN lease_until = $2 THEN NULL ELSE lease_until END
    WHERE id = $1`,
};

/**
 * As many as can be told soon, of many accounts rather than of one. `$1` of each account, `$2` of all, `$3` seconds for which
 * a wake that is on time is waited for.
 */
export const OVERDUE: NamedStatement = {
  name: 'callbacks-overdue',
  text: `
    SELECT task_id FROM (
      SELECT task_id, next_attempt_at, row_number() OVER (PARTITION BY account_id ORDER BY next_attempt_at) AS place
      FROM tasks.delivery
      WHERE ${IS_DUE} AND delivery.next_attempt_at <= now() - make_interval(secs => $3)
    ) AS due
    WHERE place <= $1 ORDER BY next_attempt_at LIMIT $2`,
};

/** Whether a key has such a task, and what was sent about it. */
export const LIST: NamedStatement = {
  name: 'callbacks-list',
  text: `
    SELECT ${COLUMNS} FROM tasks.task LEFT JOIN tasks.delivery ON delivery.task_id = task.id
    WHERE task.id = $1 AND task.account_id = $2 AND task.key_id = $3
    ORDER BY delivery.created_at`,
};

/** A whole ladder anew, whoever is sending it right now: their attempt is listed, and this one follows. */
export const RESEND: NamedStatement = {
  name: 'callbacks-resend',
  text: `
    UPDATE tasks.delivery SET state = 'pending', tries = 0, next_attempt_at = ${AT_ONCE}, lease_until = NULL
    WHERE id = $1 AND jsonb_array_length(attempts) <= $2
    RETURNING ${COLUMNS}`,
};

// Every moment is the database's: leases are between processes, whose clocks need not agree.

/** A name that is free, expired, or held by nobody who still renews its lease. */
export const CLAIM = {
  name: 'idempotency-claim',
  text: `INSERT INTO idempotency.answer AS a (key_id, name, request_hash, request_id, lease_until, expires_at)
         VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 ms', clock_timestamp() + $6 * interval '1 ms')
         ON CONFLICT (key_id, name) DO UPDATE
            SET request_hash = excluded.request_hash, request_id = excluded.request_id,
                lease_until = excluded.lease_until, expires_at = excluded.expires_at, created_at = clock_timestamp(),
                status = NULL, head = NULL, body = NULL
          WHERE a.expires_at <= clock_timestamp() OR (a.status IS NULL AND a.lease_until <= clock_timestamp())
         RETURNING request_id`,
} as const;

export const FIND = {
  name: 'idempotency-find',
  text: `SELECT request_hash, request_id, status, head, body,
                expires_at <= clock_timestamp() OR (status IS NULL AND lease_until <= clock_timestamp()) AS free
           FROM idempotency.answer WHERE key_id = $1 AND name = $2`,
} as const;

/** In the order of the primary key, as every statement that locks several of these rows must. */
export const RENEW = {
  name: 'idempotency-renew',
  text: `WITH held AS (
           SELECT a.key_id, a.name
             FROM idempotency.answer a
             JOIN unnest($1::text[], $2::text[], $3::text[]) AS c(key_id, name, request_id)
               ON a.key_id = c.key_id AND a.name = c.name AND a.request_id = c.request_id AND a.status IS NULL
            ORDER BY a.key_id, a.name FOR UPDATE OF a
         )
         UPDATE idempotency.answer a SET lease_until = clock_timestamp() + $4 * interval '1 ms'
           FROM held WHERE a.key_id = held.key_id AND a.name = held.name
         RETURNING a.request_id`,
} as const;

/** The day for which an answer is kept begins when it is there. Said twice, the second time changes nothing. */
export const KEEP = {
  name: 'idempotency-keep',
  text: `UPDATE idempotency.answer
            SET status = $4, head = $5, body = $6, lease_until = NULL,
                expires_at = clock_timestamp() + $7 * interval '1 ms'
          WHERE key_id = $1 AND name = $2 AND request_id = $3
         RETURNING request_id`,
} as const;

export const RELEASE = {
  name: 'idempotency-release',
  text: `DELETE FROM idempotency.answer WHERE key_id = $1 AND name = $2 AND request_id = $3 AND status IS NULL`,
} as const;

/** In small bites, so that no other statement waits for it; what another replica sweeps is left to it. */
export const SWEEP = {
  name: 'idempotency-sweep',
  text: `DELETE FROM idempotency.answer
          WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency.answer WHERE expires_at <= clock_timestamp()
                                   ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED))`,
} as const;

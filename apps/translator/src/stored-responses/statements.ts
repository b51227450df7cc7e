/** Rows that were kept twice in one batch are written once by the caller: one statement may touch a row only once. */
export const KEEP = {
  name: 'responses-keep',
  text: `INSERT INTO responses.response AS r
           (key_id, response_id, previous_id, item_ids, turn, answer, turn_bytes, created_at, expires_at)
         SELECT k.key_id, k.response_id, k.previous_id, ARRAY(SELECT jsonb_array_elements_text(k.item_ids)),
                k.turn, k.answer, k.turn_bytes, $8::timestamptz, $9::timestamptz
           FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::bytea[], $7::int[])
             AS k(key_id, response_id, previous_id, item_ids, turn, answer, turn_bytes)
         ON CONFLICT (key_id, response_id) DO UPDATE
            SET previous_id = excluded.previous_id, item_ids = excluded.item_ids, turn = excluded.turn,
                answer = excluded.answer, turn_bytes = excluded.turn_bytes,
                created_at = excluded.created_at, expires_at = excluded.expires_at`,
} as const;

/**
 * The chain of a response in one query, newest first while it is followed and oldest first when it is read. The walk
 * reads no sealed column, and stops at the first turn beyond a limit, so that a chain costs what it may cost at most.
 */
export const CHAIN = {
  name: 'responses-chain',
  text: `WITH RECURSIVE chain AS (
           SELECT response_id, previous_id, turn_bytes::bigint AS bytes, 1 AS length
             FROM responses.response
            WHERE key_id = $1 AND response_id = $2 AND expires_at > $3
           UNION ALL
           SELECT r.response_id, r.previous_id, c.bytes + r.turn_bytes, c.length + 1
             FROM chain c
             JOIN responses.response r ON r.key_id = $1 AND r.response_id = c.previous_id AND r.expires_at > $3
            WHERE c.length < $4 AND c.bytes <= $5
         )
         SELECT c.response_id, c.previous_id, c.bytes, c.length, r.turn
           FROM chain c JOIN responses.response r ON r.key_id = $1 AND r.response_id = c.response_id
          ORDER BY c.length DESC`,
} as const;

export const HOLDERS = {
  name: 'responses-holders',
  text: `SELECT response_id, previous_id, turn
           FROM responses.response
          WHERE item_ids && $2::text[] AND key_id = $1 AND expires_at > $3
          ORDER BY created_at DESC LIMIT $4`,
} as const;

export const FIND = {
  name: 'responses-find',
  text: `SELECT response_id, previous_id, turn, answer
           FROM responses.response WHERE key_id = $1 AND response_id = $2 AND expires_at > $3`,
} as const;

export const FORGET = {
  name: 'responses-forget',
  text: `DELETE FROM responses.response WHERE key_id = $1 AND response_id = $2 RETURNING expires_at > $3 AS stood`,
} as const;

/** In small bites, so that no other statement waits for it; what another replica sweeps is left to it. */
export const SWEEP = {
  name: 'responses-sweep',
  text: `DELETE FROM responses.response
          WHERE ctid = ANY (ARRAY(SELECT ctid FROM responses.response WHERE expires_at <= $1
                                   ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
} as const;

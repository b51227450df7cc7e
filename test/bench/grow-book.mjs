// A book as it is after many requests: settled holds with their entries and usage rows, which balance.

const ROWS_PER_STEP = 100_000;
const CHARGE = 1_500_000;
const ACCOUNTS = 500;

const STEP = `
WITH request AS (
  SELECT 'grown_' || n AS id, 'acc_grown_' || n % ${ACCOUNTS} AS account_id, 'key_grown_' || n % ${ACCOUNTS} AS key_id
  FROM generate_series($1::int, $2::int) AS n
), hold AS (
  INSERT INTO ledger.hold (request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, state, charged, expires_at, ended_at)
  SELECT id, account_id, key_id, 2 * ${CHARGE}, 'input=1200 output=500 price=grown@1', 500, '{grown@1}', '', 'settled', ${CHARGE}, now(), now() FROM request
), entry AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT id, leg.kind, coalesce(leg.account_id, request.account_id), leg.balance, leg.amount
  FROM request CROSS JOIN (VALUES
    ('credit', NULL, 'available', ${CHARGE}), ('credit', 'platform:funding', 'posted', -${CHARGE}),
    ('hold', NULL, 'available', -2 * ${CHARGE}), ('hold', NULL, 'held', 2 * ${CHARGE}),
    ('settle', NULL, 'held', -2 * ${CHARGE}), ('settle', NULL, 'available', ${CHARGE}), ('settle', 'platform:revenue', 'posted', ${CHARGE})
  ) AS leg(kind, account_id, balance, amount)
), usage AS (
  INSERT INTO ledger.usage (request_id, account_id, key_id, key_hint, model, protocol, stream, price_version, ending, rule, flags, units, cost, cost_pico, attempts, started_at, duration_ms)
  SELECT id, account_id, key_id, 'sk-byts-...grow', 'grown', 'openai-chat', false, 'grown@1', 'complete', 'complete', '{}',
    '{"input": 1000, "output": 100}', ${CHARGE}, ${CHARGE}000, '[]', now(), 1200 FROM request
)
SELECT`;

/** Adds so many finished requests of other customers. */
export async function growBook(pool, requests) {
  await pool.query(
    `INSERT INTO ledger.account (id) SELECT 'acc_grown_' || n FROM generate_series(0, ${ACCOUNTS - 1}) AS n ON CONFLICT DO NOTHING`,
  );
  for (let from = 0; from < requests; from += ROWS_PER_STEP)
    await pool.query(STEP, [from, Math.min(from + ROWS_PER_STEP, requests) - 1]);
  await pool.query('ANALYZE');
}

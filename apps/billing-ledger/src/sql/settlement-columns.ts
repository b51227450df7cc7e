import { wallet } from '@bytespike/contracts';
import { arrayLiteral, type ArrayElement } from '@bytespike/database';

import type { EndLine, Settlement, UsageLine } from '../domain/settlement.js';
import { addToQuarters, foldOfUsage } from './usage-quarters.js';

/** What a batch of ends writes beside the holds themselves, one array for each of `SETTLEMENT_COLUMNS`. */
export function settlementColumns(items: readonly Settlement[]): string[] {
  const column = (read: (item: Settlement) => ArrayElement) => arrayLiteral(items.map(read));
  const usage = (read: (line: UsageLine) => ArrayElement) => column((item) => (item.usage ? read(item.usage) : null));
  const told = (read: (line: EndLine) => ArrayElement) =>
    column(({ usage: billed, unbilled }) => {
      const line = billed ?? unbilled;
      return line ? read(line) : null;
    });
  return [
    column((item) => item.requestId),
    column((item) => item.state),
    column((item) => item.cost),
    told((line) => line.keyId),
    told((line) => line.keyHint),
    usage((line) => line.organisationId ?? null),
    told((line) => line.model),
    told((line) => line.protocol),
    told((line) => line.stream),
    usage((line) => line.priceVersion),
    told((line) => line.ending),
    told((line) => line.rule),
    told((line) => line.flags.join(' ')),
    usage((line) => JSON.stringify(line.units)),
    usage((line) => line.costPico),
    told((line) => JSON.stringify(line.attempts)),
    told((line) => line.startedAt),
    told((line) => line.durationMs),
    column((item) => item.quarantine?.reason ?? null),
    column((item) => (item.quarantine ? JSON.stringify(item.quarantine.fact, amountsAsText) : null)),
    usage((line) => line.memberId ?? null),
  ];
}

const amountsAsText = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** The same columns as SQL knows them, `$1` to `$21`. */
export const SETTLEMENT_COLUMNS = {
  arrays: `$1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bool[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::float8[], $18::int[], $19::text[], $20::text[],
    $21::text[]`,
  names: `request_id, state, cost, key_id, key_hint, organisation_id, model, protocol, stream, price_version,
      ending, rule, flags, units, cost_pico, attempts, started_ms, duration_ms, doubt, fact,
      member_id`,
} as const;

/**
 * What an end leaves besides money, from the rows of `ended` and no others: a usage row with its place in the roll-up, or how
 * a free request went, and a fact to be looked at with the news of it. Quarters are an account's, whose wallet the statement
 * has locked: nobody else adds to them at the same time.
 */
export const SETTLEMENT_TRACES = `
billed AS (
  INSERT INTO ledger.usage (request_id, account_id, key_id, key_hint, organisation_id, member_id, model, protocol, stream, price_version,
    ending, rule, flags, units, cost, cost_pico, attempts, started_at, duration_ms, created_at)
  SELECT request_id, account_id, key_id, key_hint, organisation_id, member_id, model, protocol, stream, price_version,
    ending, rule, string_to_array(flags, ' '), units::jsonb, charged, cost_pico, attempts::jsonb, to_timestamp(started_ms / 1000), duration_ms, now()
  FROM ended WHERE units IS NOT NULL
  RETURNING account_id, key_id, key_hint, model, units, cost, created_at
), summed AS (${addToQuarters(foldOfUsage('billed'))}
), free AS (
  INSERT INTO ledger.unbilled (request_id, account_id, key_id, key_hint, model, protocol, stream, ending, rule, flags, attempts, started_at, duration_ms)
  SELECT request_id, account_id, key_id, key_hint, model, protocol, stream, ending, rule, string_to_array(flags, ' '), attempts::jsonb,
    to_timestamp(started_ms / 1000), duration_ms
  FROM ended WHERE rule IS NOT NULL AND units IS NULL
), doubted AS (
  INSERT INTO ledger.quarantine (request_id, reason, fact)
  SELECT request_id, doubt, fact::jsonb FROM ended WHERE doubt IS NOT NULL
), alarmed AS (
  INSERT INTO ledger.outbox (subject, message_id, payload)
  SELECT '${wallet.usageQuarantined.subject}', '${wallet.usageQuarantined.subject} ' || request_id,
    jsonb_build_object('requestId', request_id, 'accountId', account_id, 'reason', doubt, 'at', floor(extract(epoch FROM now()) * 1000))
  FROM ended WHERE doubt IS NOT NULL
  ON CONFLICT DO NOTHING
)`;

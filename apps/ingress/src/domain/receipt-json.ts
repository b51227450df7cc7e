import type {
  Receipt,
  ReceiptAttempt,
  ReceiptCorrection,
  ReceiptEntry,
  ReceiptLine,
  ReceiptTimes,
} from '@bytespike/contracts';
import { formatPicoUsd, formatUsd, formatUsdPerMillion, PIECE_CLASSES, type UsageClass } from '@bytespike/kernel';

/**
 * A receipt as contract 0.8 prints it. Its sums can be checked by hand: the lines' amounts plus `rounding_usd`, less
 * `overrun_usd`, are `total_usd`, and so is what the entries took from the account's wallet.
 */
export const receiptJson = (receipt: Receipt): object => ({
  request_id: receipt.requestId,
  outcome: receipt.outcome,
  rule: receipt.rule,
  explanation: receipt.says,
  flags: receipt.flags,
  model: receipt.model ?? null,
  protocol: receipt.protocol ?? null,
  api_key: receipt.keyHint ?? null,
  settled_at: dateOrNull(receipt.endedAt),
  lines: receipt.lines.map(lineJson),
  rounding_usd: formatPicoUsd(receipt.rounding),
  overrun_usd: formatUsd(receipt.overrun),
  total_usd: formatUsd(receipt.total),
  price_version: receipt.priceVersion ?? null,
  attempts: receipt.attempts.map(attemptJson),
  hold: receipt.hold
    ? { amount_usd: formatUsd(receipt.hold.amount), basis: receipt.hold.basis, grant: receipt.hold.grantId ?? null }
    : null,
  entries: receipt.entries.map(entryJson),
  corrections: receipt.corrections.map(entryJson),
  timing: timesJson(receipt.times),
  cache_saving_usd: formatPicoUsd(receipt.cacheSaving),
});

/** What is sold by the piece has its price as a price list prints it, too. */
const lineJson = ({ usageClass, units, price, amount }: ReceiptLine): object => ({
  class: snakeCase(usageClass),
  units,
  ...(isPiece(usageClass) && { price_usd_per_unit: formatPicoUsd(price) }),
  price_usd_per_million: formatUsdPerMillion(price),
  amount_usd: formatPicoUsd(amount),
});

const isPiece = (usageClass: UsageClass): boolean => PIECE_CLASSES.some((piece) => piece === usageClass);

const attemptJson = (attempt: ReceiptAttempt): object => ({
  channel: attempt.channelId,
  model: attempt.model,
  status: attempt.status ?? null,
  kind: attempt.kind ?? null,
  started_at: new Date(attempt.startedAt).toISOString(),
  first_token_ms: roundedOrNull(attempt.firstContentMs),
  duration_ms: Math.round(attempt.durationMs),
  charged: attempt.charged,
});

const entryJson = ({ amount, at, ...entry }: ReceiptEntry | ReceiptCorrection): object => ({
  ...entry,
  amount_usd: formatUsd(amount),
  created_at: new Date(at).toISOString(),
});

const timesJson = (times: ReceiptTimes): object => ({
  before_vendor_ms: roundedOrNull(times.beforeVendorMs),
  failed_attempts_ms: roundedOrNull(times.failedAttemptsMs),
  first_token_ms: roundedOrNull(times.firstContentMs),
  streaming_ms: roundedOrNull(times.streamingMs),
  total_ms: roundedOrNull(times.totalMs),
});

/** The usage classes of the wire are those of the catalogue in its case: `cacheWrite5m` is `cache_write_5m`. */
const snakeCase = (name: string): string => name.replace(/[A-Z]|\d+[a-z]+$/g, (part) => `_${part.toLowerCase()}`);

const roundedOrNull = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));

const dateOrNull = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

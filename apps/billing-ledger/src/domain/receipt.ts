import type { Receipt, ReceiptAttempt, ReceiptLine, ReceiptTimes } from '@bytespike/contracts';
import { PIECE_CLASSES, USAGE_CLASSES, type Usage } from '@bytespike/kernel';
import { cacheSaving, unitPrice, type UnitPrices } from '@bytespike/pricing';

import type { RequestEnd, RequestRecord } from '../statement/statement-store.js';
import { ruleSentence } from './rule-sentence.js';

const PICO_PER_NANO = 1_000n;

/** A request as its customer reads it. `prices` are those of the version that it was billed at. */
export function receiptOf(record: RequestRecord, prices: UnitPrices): Receipt {
  const { requestId, hold, end, entries, corrections } = record;
  const units = end?.billed?.units ?? {};
  const lines = linesOf(units, prices);
  const [total, overrun] = [hold?.charged ?? 0n, hold?.overrun ?? 0n];
  const exact = lines.reduce((sum, { amount }) => sum + amount, 0n);
  const model = end?.model ?? hold?.model;
  return {
    requestId,
    ...decisionOf(record),
    flags: [...(end?.flags ?? [])],
    ...(model !== undefined && { model }),
    ...(end && { protocol: end.protocol, keyHint: end.keyHint, endedAt: end.endedAt }),
    lines,
    rounding: (total + overrun) * PICO_PER_NANO - exact,
    overrun,
    total,
    cacheSaving: cacheSaving(units, prices),
    ...(end?.billed && { priceVersion: end.billed.priceVersion }),
    attempts: end ? attemptsOf(end) : [],
    ...(hold && {
      hold: {
        amount: hold.amount,
        basis: hold.basis,
        ...(hold.grantId !== undefined && { grantId: hold.grantId }),
      },
    }),
    entries: [...entries],
    corrections: [...corrections],
    times: end ? timesOf(end) : {},
  };
}

/** A charge or a refund of an operator's, be it of a request that cost nothing by the rule. */
const DECIDED_LATER = 'What was decided later is among its corrections.';

function decisionOf({ hold, end, corrections }: RequestRecord): Pick<Receipt, 'outcome' | 'rule' | 'says'> {
  const [outcome, rule] = end
    ? [end.ending, end.rule]
    : hold?.state === 'held'
      ? (['running', 'running'] as const)
      : hold?.state === 'expired'
        ? (['expired', 'expired'] as const)
        : (['failed', 'unrecorded'] as const);
  const says = ruleSentence(rule);
  return { outcome, rule, says: corrections.length > 0 ? `${says} ${DECIDED_LATER}` : says };
}

const linesOf = (units: Usage, prices: UnitPrices): ReceiptLine[] =>
  USAGE_CLASSES.flatMap((usageClass) => {
    const count = units[usageClass];
    if (!count) return [];
    const price = unitPrice(prices, usageClass);
    return [{ usageClass, units: count, price, amount: BigInt(count) * price }];
  });

/**
 * Nothing is tried after an answer has begun, so what was paid for is the last attempt. Pictures may be drawn by several calls
 * at once: those that failed were free.
 */
const isPaid = ({ attempts, billed }: RequestEnd, place: number): boolean => {
  if (!billed) return false;
  const isMade = PIECE_CLASSES.some((piece) => billed.units[piece]);
  return isMade ? attempts[place]?.kind === undefined : place === attempts.length - 1;
};

const attemptsOf = (end: RequestEnd): ReceiptAttempt[] =>
  end.attempts.map(({ channelId, model, status, kind, startedAt, firstContentMs, durationMs }, place) => ({
    channelId,
    model,
    ...(status !== undefined && { status }),
    ...(kind !== undefined && { kind }),
    startedAt,
    ...(firstContentMs !== undefined && { firstContentMs }),
    durationMs,
    charged: isPaid(end, place),
  }));

/** Attempts are timed by the clock of another process; a part is never told as less than nothing. */
function timesOf({ attempts, startedAt, durationMs }: RequestEnd): ReceiptTimes {
  const [first, last] = [attempts[0], attempts.at(-1)];
  if (!first || !last) return { totalMs: durationMs };
  const { firstContentMs } = last;
  return {
    beforeVendorMs: Math.max(0, first.startedAt - startedAt),
    ...(attempts.length > 1 && { failedAttemptsMs: Math.max(0, last.startedAt - first.startedAt) }),
    ...(firstContentMs !== undefined && {
      firstContentMs,
      streamingMs: Math.max(0, last.durationMs - firstContentMs),
    }),
    totalMs: durationMs,
  };
}

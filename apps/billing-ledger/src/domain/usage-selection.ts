import type { Grouping, UsageQuestion } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** Epoch milliseconds, from inclusive, to exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A question about usage as the store answers it. */
export interface UsageSelection {
  readonly accountId: string;
  readonly model: string | undefined;
  readonly key: string | undefined;
  readonly timeZone: string;
  readonly time: 'day' | 'hour' | undefined;
  readonly byModel: boolean;
  readonly byKey: boolean;
  /** Whole quarters of an hour, which are summed already. */
  readonly quarters: Span;
  /** What is left of the range at either end, of which rows are summed. */
  readonly edges: readonly [Span, Span];
  readonly limit: number;
}

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;
const DAYS_MAX = 90;
/**
 * Ninety days to a customer may be a little more: where summer time ends among them they have an hour more, two at most, and
 * "until now" is later than when they were counted back.
 */
const RANGE_MS_MAX = (DAYS_MAX * 24 + 2) * HOUR_MS;

/** More than a quarter's worth of hours for four models; whoever wants more asks for less at once. */
export const BUCKETS_MAX = 10_000;

/** Names of places and `UTC`: a shorter one, such as `CET`, is a zone to some and a fixed offset to others. */
const ZONE = /^(?:UTC|GMT|[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+)$/;

/** Reads a question. Throws `invalid-request` on a range, a zone or a grouping that cannot be answered. */
export function usageSelection({ since, until, by, timeZone, ...question }: UsageQuestion): UsageSelection {
  if (until - since > RANGE_MS_MAX)
    throw new GatewayError('invalid-request', `since, until: at most ${DAYS_MAX} days at once`);
  if (!isTimeZone(timeZone))
    throw new GatewayError('invalid-request', 'tz: must be the IANA name of a time zone, such as Asia/Kathmandu');
  return {
    accountId: question.accountId,
    model: question.model,
    key: question.key,
    timeZone,
    time: timeOf(by),
    byModel: by.includes('model'),
    byKey: by.includes('api_key'),
    ...splitRange({ from: since, to: Math.max(since, until) }),
    limit: BUCKETS_MAX + 1,
  };
}

/** Of day and hour the finer one: an hour is part of one day. */
const timeOf = (by: readonly Grouping[]): 'day' | 'hour' | undefined =>
  by.includes('hour') ? 'hour' : by.includes('day') ? 'day' : undefined;

/** The whole quarters of a range, and its ragged ends: together they are the range, to the millisecond. */
export function splitRange(range: Span): Pick<UsageSelection, 'quarters' | 'edges'> {
  const from = Math.ceil(range.from / QUARTER_MS) * QUARTER_MS;
  const to = Math.floor(range.to / QUARTER_MS) * QUARTER_MS;
  const nothing = { from: range.to, to: range.to };
  if (from >= to) return { quarters: nothing, edges: [range, nothing] };
  return {
    quarters: { from, to },
    edges: [
      { from: range.from, to: from },
      { from: to, to: range.to },
    ],
  };
}

function isTimeZone(name: string): boolean {
  if (!ZONE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

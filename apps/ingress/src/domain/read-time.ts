import { GatewayError } from '@bytespike/kernel';

/**
 * Epoch seconds or milliseconds, or a date: whatever a person pastes. Answers epoch milliseconds. Digits that are neither, such as
 * a year or a date without its dashes, are refused: taken for seconds they would mean 1970.
 */
export function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const time = /^\d+$/.test(text) ? epochMs(text) : isNoDay(text) ? Number.NaN : Date.parse(inUtc(text));
  // Before 1970 nothing was billed, and long before it a date is none to Postgres.
  if (!(time >= 0))
    throw new GatewayError('invalid-request', `${name}: must be a date or epoch seconds${hintFor(text)}`, {
      details: { param: name },
    });
  return time;
}

/** Of the lengths that seconds and milliseconds have had since 2001. Zero is the beginning of both. */
function epochMs(digits: string): number {
  if (digits === '0') return 0;
  if (digits.length === 10) return Number(digits) * 1_000;
  return digits.length === 13 ? Number(digits) : Number.NaN;
}

/** Whether it names a day that its month has not: to `Date.parse` the 31st of November is the 1st of December. */
function isNoDay(date: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(date) ?? [];
  return (
    day !== undefined && new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)
  );
}

const HAS_ZONE = /(?:[a-z]|[+-]\d\d:?\d\d)\)?$/i;

/** A date whose author says nothing of its zone is in UTC, as ours are: to `Date.parse` it would be in that of this machine. */
export const inUtc = (date: string): string => (HAS_ZONE.test(date) ? date : `${date}Z`);

/** A plus sign in an address means a blank, which breaks the offset of a date that was pasted as it is. */
const hintFor = (text: string): string =>
  /:\d\d \d\d:\d\d$/.test(text) ? ', and the + of an offset written as %2B' : '';

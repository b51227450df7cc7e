import type { Attempt, Failure, Outcome } from '@bytespike/contracts';
import { ERROR_KINDS, isJsonObject, tryParseJson, type Usage } from '@bytespike/kernel';
import type { MeterReading, VendorFailure } from '@bytespike/protocols';

import type { AttemptEnd, ErrorAnswerBytes } from '../attempt/attempt-end.js';

/** Statuses whose body clients parse; on the raw lane it reaches them byte for byte (contract 0.3). */
const VERBATIM_STATUSES: readonly number[] = [400, 413, 422];

const decoder = new TextDecoder('utf-8');

function metered(reading: MeterReading): Pick<Outcome, 'usage' | 'usageSource' | 'quarantined' | 'finish'> {
  const usage = saidOf(reading);
  return {
    ...(usage && { usage }),
    ...(reading.finish && { finish: reading.finish }),
    ...(reading.quarantined && { quarantined: true }),
    usageSource: usage ? 'vendor' : sourceWithout(reading),
  };
}

/** Zeros for an answer that says something are no report: some vendors fill the field in without counting. */
const saidOf = ({ usage, contentStarted }: MeterReading): Usage | undefined =>
  usage && contentStarted && Object.values(usage).every((units) => units === 0) ? undefined : usage;

/** Numbers that are not believed are no source, and neither is our count in their place: an operator looks first. */
const sourceWithout = ({ quarantined, ended, contentStarted }: MeterReading): Outcome['usageSource'] =>
  ended && contentStarted && !quarantined ? 'counted' : 'none';

const failureOf = ({ kind, message, retryAfterMs }: VendorFailure): Failure => ({
  kind,
  message,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** A target that gave nothing to the caller. */
export const failedOutcome = (failure: VendorFailure, verbatim: Failure['verbatim'], attempts: Attempt[]): Outcome => ({
  ending: 'failed',
  usageSource: 'none',
  contentStarted: false,
  deliveredOutput: 0,
  failure: { ...failureOf(failure), ...(verbatim && { verbatim }) },
  attempts,
});

/**
 * The vendor's own refusal, where the caller may see it: a fault of the request, not of our account. A page, nothing at
 * all, or what was cut at our limit is nobody's dialect, and is told in ours.
 */
export function verbatimAnswer(
  failure: VendorFailure,
  status: number | undefined,
  answer: ErrorAnswerBytes | undefined,
  lane: 'raw' | 'ir',
): Failure['verbatim'] {
  const shown = lane === 'raw' && status !== undefined && VERBATIM_STATUSES.includes(status);
  if (!shown || answer === undefined || ERROR_KINDS[failure.kind].retry !== 'never') return undefined;
  if (!isJsonObject(tryParseJson(decoder.decode(answer.body)))) return undefined;
  const bodyBase64 = Buffer.from(answer.body).toString('base64');
  return { status, contentType: answer.contentType, bodyBase64 };
}

/** How a target ended whose attempt needs no successor. */
export function outcomeOf(end: Exclude<AttemptEnd, { readonly ended: 'refused' }>, attempts: Attempt[]): Outcome {
  const { reading } = end;
  const common = { ...metered(reading), deliveredOutput: reading.deliveredOutput, attempts };
  if (end.ended === 'served') return { ...common, ending: 'complete', contentStarted: reading.contentStarted };
  if (end.ended === 'cancelled') return { ...common, ending: 'cancelled', contentStarted: end.contentSent };
  return { ...common, ending: 'truncated', contentStarted: true, failure: failureOf(end.failure) };
}

import type { CallContext } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** The time that pictures may take whose caller waits for them. */
export interface TimeLimit {
  /** Epoch milliseconds: by when vendors should have answered. */
  readonly endsAt: number;
  /** The caller's context, over a little after that. */
  readonly context: CallContext;
  /** Why there is no more waiting, when the time is up. */
  late(): GatewayError | undefined;
}

/** Whoever calls the vendor keeps to the time itself; this is how long it may take to say what came of it. */
const LAST_WORDS_MS = 500;

export function startTimeLimit(context: CallContext, limitMs: number): TimeLimit {
  const endsAt = Date.now() + limitMs;
  return {
    endsAt,
    context: { ...context, deadline: Math.min(context.deadline, endsAt + LAST_WORDS_MS) },
    late: () => (Date.now() < endsAt ? undefined : tooSlow()),
  };
}

const tooSlow = (): GatewayError => new GatewayError('upstream-timeout', 'the pictures were not there in time');

/** What a caller is told whose pictures took too long: how to have them all the same (contract 10). */
export function withOffer(error: GatewayError, limitMs: number): GatewayError {
  if (error.kind !== 'upstream-timeout') return error;
  return new GatewayError(error.kind, error.message, {
    cause: error,
    // SDKs would ask twice more by themselves, and every time a vendor would draw for nobody.
    retryAfterMs: Infinity,
    publicMessage: `The pictures were not there within ${limitMs / 1_000} seconds, and nothing was billed. POST /v1/tasks/submit takes the same parameters ({"model": ..., "params": {...}}) and gives them as much time as they need.`,
  });
}

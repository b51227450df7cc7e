import type { CallContext } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** The time that pictures may take whose caller waits for them. */
export interface TimeLimit {
  /** Epoch milliseconds: by when vendors should have answered. */
  readonly endsAt: number;
  /** The caller's context, ended also when the time is up. */
  readonly context: CallContext;
  /** Why it was ended, when it was. */
  late(): GatewayError | undefined;
  stop(): void;
}

/** Whoever calls the vendor keeps to the time itself; this is how long it may take to say so. */
const LAST_WORDS_MS = 500;

export function startTimeLimit(context: CallContext, limitMs: number): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(tooSlow()), limitMs + LAST_WORDS_MS);
  return {
    endsAt: Date.now() + limitMs,
    context: { ...context, signal: AbortSignal.any([context.signal, controller.signal]) },
    late: () => (controller.signal.aborted ? tooSlow() : undefined),
    stop: () => clearTimeout(timer),
  };
}

const tooSlow = (): GatewayError =>
  new GatewayError('upstream-timeout', 'the vendor did not say in time that it was late');

/** What a caller is told whose pictures took too long: how to have them all the same (contract 10). */
export function withOffer(error: GatewayError, limitMs: number): GatewayError {
  if (error.kind !== 'upstream-timeout') return error;
  return new GatewayError(error.kind, error.message, {
    cause: error,
    publicMessage: `The pictures were not there within ${limitMs / 1_000} seconds, and nothing was billed. POST /v1/tasks/submit takes the same parameters ({"model": ..., "params": {...}}) and gives them as much time as they need.`,
  });
}

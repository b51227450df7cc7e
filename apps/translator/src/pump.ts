import type { Outcome, StreamHead, StreamSink } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';

/** Takes a vendor's answer in and passes the client's on. `finish` judges what the adapter says of the end. */
export interface Pump {
  readonly sink: StreamSink<StreamHead>;
  finish(outcome: Outcome): Promise<Outcome>;
}

/**
 * The outcome of an answer that could not be translated. It costs nothing (contract 0.5), and the attempt that
 * seemed to serve is listed with what was wrong with it.
 */
export function failedOutcome(outcome: Outcome, failure: GatewayError, contentSent: 'sent' | 'unsent'): Outcome {
  const { usage: _usage, finish: _finish, ...rest } = outcome;
  const { kind, message } = failure;
  const last = outcome.attempts.at(-1);
  return {
    ...rest,
    ending: 'failed',
    usageSource: 'none',
    contentStarted: contentSent === 'sent',
    deliveredOutput: contentSent === 'sent' ? outcome.deliveredOutput : 0,
    failure: { kind, message },
    attempts: last ? [...outcome.attempts.slice(0, -1), { ...last, kind: last.kind ?? kind }] : [],
  };
}

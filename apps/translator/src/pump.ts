import type { Outcome, StreamHead, StreamSink } from '@bytespike/contracts';
import type { Loss } from '@bytespike/ir';
import type { GatewayError } from '@bytespike/kernel';
import type { Continuation, Memory } from '@bytespike/protocols';

import type { Sent } from './outcomes.js';

/** What an answer needs on its way to the client. */
export interface AnswerPorts {
  /** The client's side. */
  readonly sink: StreamSink<StreamHead>;
  /** Told of what the answer loses. */
  lost(losses: readonly Loss[]): void;
  /** Keeps reasoning for the next turn; awaited before the client sees the end of the answer. */
  keep(memories: readonly Memory[]): Promise<'kept' | 'lost'>;
}

/** What is lost when the reasoning of an answer could not be kept: the next turn goes without. */
const FORGOTTEN: readonly Loss[] = [{ code: 'L40', path: 'reasoning', effect: 'dropped' }];

export const keepAll = async (memories: readonly Memory[], { keep }: AnswerPorts): Promise<readonly Loss[]> =>
  memories.length === 0 || (await keep(memories)) === 'kept' ? [] : FORGOTTEN;

/** Takes a vendor's answer in and passes the client's on. */
export interface Pump {
  readonly sink: StreamSink<StreamHead>;
  /** Judges what the adapter says of the end of a round. */
  finish(outcome: Outcome): Promise<Outcome>;
  /** How the vendor is asked to go on, where its answer has only paused. */
  next(): Promise<Continuation | undefined>;
  sent(): Sent;
}

/**
 * The outcome of an answer that could not be translated. It costs nothing (contract 0.5), and the attempt that
 * seemed to serve is listed with what was wrong with it.
 */
export function failedOutcome(outcome: Outcome, failure: GatewayError, contentSent: Sent): Outcome {
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

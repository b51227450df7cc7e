import type { StreamHead } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Exchange } from '../http/exchange.js';
import type { OpenExchanges } from '../http/open-exchanges.js';
import type { TargetAnswer } from '../http/target-answer.js';
import type { Timings } from '../http/timings.js';
import type { RequestEnd } from '../observe.js';
import type { Claim, KeptAnswer } from './answer-store.js';
import { keepAnswer } from './keep-answer.js';
import type { NamedAnswers } from './named-answers.js';
import { recordingAnswer, type RecordedAnswer } from './record-answer.js';

export interface ClaimedPorts {
  readonly answers: NamedAnswers;
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
  readonly timings: Timings;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
}

/** Given to the one run of a named request, for the answer that its repeats will get. */
export interface Keeping {
  /** An answer that is noted on its way to the client, and kept when it is complete. */
  recording(answer: TargetAnswer, headersOf: (head: StreamHead) => FlatHeaders): TargetAnswer;
  /**
   * Keeps an answer that was made whole. Throws when it is not kept, which makes the request cost nothing: a name under
   * which nothing is kept may be run again, and two runs of one request are charged once.
   */
  keep(answer: RecordedAnswer | 'given-once'): Promise<void>;
}

/** Runs a request under its claim: the lease is renewed while it runs, and given up when there is no answer to keep. */
export async function runClaimed(
  exchange: Exchange,
  claim: Claim,
  ports: ClaimedPorts,
  run: (keeping: Keeping) => Promise<RequestEnd>,
): Promise<RequestEnd> {
  const { leases, running } = ports.answers;
  const ended = running.begin(claim);
  const lease = leases.hold(claim, () => exchange.abort(takenOver()));
  let kept: KeptAnswer | undefined;
  let isDone = false;
  const keep = async (answer: RecordedAnswer | 'given-once'): Promise<void> => {
    const keepable = answer === 'given-once' ? answer : { ...answer, requestId: claim.requestId };
    const result = await keepAnswer(claim, keepable, {
      store: ports.answers.store,
      logger: ports.logger,
      keepMs: ports.timings.answerKeepMs,
    });
    // What is kept stays, and what could not be kept could not be given up either.
    isDone = true;
    metrics.idempotentRequests.inc({ result: result === 'kept' && keepable === 'given-once' ? keepable : result });
    if (result === 'lost') throw takenOver();
    if (result === 'failed') throw new GatewayError('unavailable', 'the answer could not be kept for its repeats');
    if (keepable !== 'given-once') kept = keepable;
  };
  const keeping: Keeping = {
    keep,
    recording: (answer, headersOf) =>
      recordingAnswer(answer, { headersOf, keep, reserve: (bytes) => mayReserve(exchange, bytes, ports) }),
  };
  try {
    return await run(keeping);
  } finally {
    lease.stop();
    if (!isDone) await release(claim, ports);
    ended(kept);
  }
}

function mayReserve(exchange: Exchange, bytes: number, { exchanges }: ClaimedPorts): boolean {
  try {
    exchanges.reserve(exchange, bytes);
    return true;
  } catch (thrown) {
    // A process that holds as much as it may answers all the same, and keeps nothing of it.
    if (GatewayError.from(thrown).kind === 'unavailable') return false;
    throw thrown;
  }
}

/** A claim that cannot be given up lapses with its lease. */
async function release(claim: Claim, { answers, logger }: ClaimedPorts): Promise<void> {
  metrics.idempotentRequests.inc({ result: 'released' });
  await answers.store.release(claim).catch((thrown: unknown) => {
    const { kind } = GatewayError.from(thrown);
    logger.warn({ requestId: claim.requestId, kind }, 'a claim was not given up; its lease will run out');
  });
}

const takenOver = (): GatewayError =>
  new GatewayError('unavailable', 'another process has taken this request over, because its lease had run out');

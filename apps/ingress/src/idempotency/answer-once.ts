import { GatewayError } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';

import type { AccountingPorts } from '../account-headers.js';
import type { Exchange } from '../http/exchange.js';
import type { Timings } from '../http/timings.js';
import type { RequestEnd } from '../observe.js';
import { claimOrAnswer } from './claim-or-answer.js';
import type { RepeatableRequest } from './repeatable-request.js';
import { replayAnswer } from './replay-answer.js';
import { runClaimed, type ClaimedPorts, type Keeping } from './run-claimed.js';
import { openWaitingRoom } from './waiting-room.js';

export interface AnswerOncePorts extends AccountingPorts, ClaimedPorts {
  readonly timings: Timings;
}

/**
 * Answers a request that its caller has named (contract 0.5): one of all its repeats runs, wherever they arrive, and the
 * others wait for its answer or find it kept. A failure is not kept, so one of those that wait runs anew. Errors:
 * `conflict`, `gone` (answered, and given once), `unavailable`, and those of the run.
 */
export async function answerOnce(
  exchange: Exchange,
  request: RepeatableRequest,
  ports: AnswerOncePorts,
  run: (keeping: Keeping) => Promise<RequestEnd>,
): Promise<RequestEnd> {
  const { stream, operation } = request;
  const claim = { ...ports.answers.fingerprint(request), requestId: exchange.requestId };
  const room = openWaitingRoom(exchange, stream, ports.timings);
  try {
    const kept = await claimOrAnswer(claim, room, ports);
    room.leave();
    if (!kept) return await runClaimed(exchange, claim, ports, run);
    await replayAnswer(exchange, kept, { stream, ports });
    metrics.idempotentRequests.inc({ result: 'replayed' });
    return { result: 'complete', stream, ...(operation && { operation }) };
  } catch (thrown) {
    room.leave();
    room.failBegun(GatewayError.from(thrown));
    throw thrown;
  }
}

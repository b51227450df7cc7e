import { GatewayError } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';

import type { Timings } from '../http/timings.js';
import type { Claim, Found, KeptAnswer } from './answer-store.js';
import type { Fingerprint } from './fingerprint.js';
import type { NamedAnswers } from './named-answers.js';
import type { WaitingRoom } from './waiting-room.js';

export interface ClaimPorts {
  readonly answers: Pick<NamedAnswers, 'store' | 'running'>;
  readonly timings: Pick<Timings, 'answerLeaseMs'>;
}

const FIRST_PAUSE_MS = 50;
const PAUSE_MS_MAX = 1_000;

/**
 * Waits until the claim is ours, which is undefined, or until there is an answer to it. Where the first runs in this
 * process its end is heard at once; one elsewhere is looked for, less and less often.
 */
export async function claimOrAnswer(
  claim: Claim,
  room: WaitingRoom,
  { answers: { store, running }, timings }: ClaimPorts,
): Promise<KeptAnswer | undefined> {
  let mayBeFree = true;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const here = running.find(claim);
    if (here) {
      assertSame(claim, here);
      const answer = await room.wait({ until: here.ended });
      if (answer) return answer;
      mayBeFree = true;
    }
    if (mayBeFree && (await store.claim(claim, timings.answerLeaseMs))) return undefined;
    const found = await store.find(claim);
    mayBeFree = found.state === 'free';
    if (found.state === 'kept') return assertSame(claim, found).answer;
    if (found.state === 'given-once') throw gone(assertSame(claim, found));
    if (found.state === 'free' || running.find(claim)) continue;
    assertSame(claim, found);
    await room.wait({ atMostMs: pauseMs });
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX);
  }
}

function assertSame<T extends { readonly requestHash: string }>({ requestHash }: Fingerprint, found: T): T {
  if (found.requestHash === requestHash) return found;
  metrics.idempotentRequests.inc({ result: 'conflict' });
  throw new GatewayError(
    'conflict',
    'This Idempotency-Key was used for another request: repeat it with the same body and settings, or use a new key.',
    { details: { param: 'Idempotency-Key' } },
  );
}

const gone = ({ requestId }: Extract<Found, { state: 'running' | 'given-once' }>): GatewayError =>
  new GatewayError(
    'gone',
    `This request was answered as ${requestId}. Its answer is given once, because it was very large or holds a secret, and it is not run again under the same Idempotency-Key.`,
  );

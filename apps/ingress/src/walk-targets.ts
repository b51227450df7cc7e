import type { ClientFor, generation, Outcome, Plan, Target, translation } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { rawLaneEdits } from '@bytespike/protocols';

import { withLaneOf } from './domain/lane-of.js';
import { brokenOff, mayTryNext } from './domain/request-outcome.js';
import type { GenerationCall } from './generation-call.js';
import type { TargetAnswer } from './http/target-answer.js';

export interface TargetPorts {
  readonly generation: ClientFor<typeof generation>;
  readonly translation: ClientFor<typeof translation>;
}

/** How the walk ended, and at which target. */
export interface Walk {
  readonly outcome: Outcome;
  readonly target: Target;
}

/**
 * Asks the targets of a plan one after the other, best first, until one has sent content, a failure says that no other
 * would help, or the attempts are used up. The outcome lists the attempts of all of them.
 */
export async function walkTargets(
  call: GenerationCall,
  { targets, maxOutputTokens }: Pick<Plan, 'targets' | 'maxOutputTokens'>,
  answer: TargetAnswer,
  ports: TargetPorts,
): Promise<Walk> {
  let attemptsLeft: number = LIMITS.attemptsMax;
  let walk: Walk | undefined;
  for (const planned of targets) {
    const target = withLaneOf(planned, call);
    let outcome: Outcome;
    try {
      outcome = await askTarget(call, { target, maxOutputTokens, attemptsLeft }, answer, ports);
      attemptsLeft -= outcome.attempts.length;
    } catch (thrown) {
      outcome = brokenOff(GatewayError.from(thrown), answer);
      // Nobody told how many calls were made, so it counts as one.
      attemptsLeft -= 1;
    }
    walk = { target, outcome: walk ? withAttemptsBefore(walk.outcome, outcome) : outcome };
    if (answer.contentSent() || !mayTryNext(outcome) || attemptsLeft <= 0 || call.context.signal.aborted) break;
  }
  if (!walk) throw new GatewayError('internal', 'a plan came without targets');
  return walk;
}

const withAttemptsBefore = ({ attempts }: Outcome, outcome: Outcome): Outcome => ({
  ...outcome,
  attempts: [...attempts, ...outcome.attempts],
});

interface Try {
  readonly target: Target;
  readonly maxOutputTokens: number;
  readonly attemptsLeft: number;
}

function askTarget(
  call: GenerationCall,
  { target, maxOutputTokens, attemptsLeft }: Try,
  answer: TargetAnswer,
  ports: TargetPorts,
): Promise<Outcome> {
  const { requestId, operation, stream, headers, query, body, peeked, context } = call;
  const common = { requestId, operation, stream, headers, query, target, attemptsLeft };
  if (target.lane === 'raw') {
    const { edits, usageChunk } = rawLaneEdits(peeked, target.upstreamModel);
    return ports.generation.run({ input: { ...common, edits, usageChunk }, body }, answer, context);
  }
  const { protocol: clientProtocol, accountId, keyId, policy, allow, clientState } = call;
  const ours = { accountId, keyId, maxOutputTokens, policy, allow, ...(clientState && { clientState }) };
  return ports.translation.run({ input: { ...common, ...ours, clientProtocol }, body }, answer, context);
}

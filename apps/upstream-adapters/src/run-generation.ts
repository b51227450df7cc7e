import { findVendor } from '@bytespike/catalog';
import type { Attempt, CallContext, generation, Outcome, StreamFunction, Target } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { WIRES } from '@bytespike/protocols';

import type { AttemptEnd } from './attempt/attempt-end.js';
import type { AttemptPorts, AttemptRun } from './attempt/run-attempt.js';
import type { ChannelDirectory } from './channel-directory.js';
import { attempted } from './domain/attempted.js';
import type { Credential } from './domain/credential-choice.js';
import { failedOutcome, outcomeOf, verbatimAnswer } from './domain/outcome.js';
import { credentialHeader, vendorRequest } from './domain/vendor-request.js';
import { observedAttempt } from './observed-attempt.js';
import { walkCredentials, type WalkPorts } from './walk-credentials.js';

type Run = StreamFunction<(typeof generation)['run']>;
type Request = Parameters<Run>[0];
type Sink = Parameters<Run>[1];

export interface GenerationPorts extends AttemptPorts, WalkPorts {
  readonly channels: ChannelDirectory;
}

/**
 * Asks one target: its credentials in turn until one has sent content, no other would help, or the attempts are used up.
 * Failures of the vendor are outcomes; what it throws are our own (a channel that is not configured, a path that is not).
 */
export async function runGeneration(
  { input, body }: Request,
  sink: Sink,
  context: CallContext,
  ports: GenerationPorts,
): Promise<Outcome> {
  const { target } = input;
  const channel = ports.channels.channel(target.channelId);
  const vendor = findVendor(channel.vendor);
  if (vendor === undefined) throw new GatewayError('internal', `the vendor table has no ${channel.vendor}`);
  const call = { ...input, upstreamModel: target.upstreamModel, lane: target.lane, body: body ?? new Uint8Array() };
  const request = vendorRequest(call, channel, vendor);
  const credentials = await ports.channels.credentials(channel.id);

  const shut = ports.memory.enter(target);
  if (shut) {
    const retryAfterMs = Math.max(0, shut.until - ports.now());
    return failedOutcome({ kind: 'unavailable', message: 'the circuit is open', retryAfterMs }, undefined, []);
  }
  ports.memory.called(channel.id);
  const answering = {
    wire: WIRES[channel.protocol],
    vendorCodes: vendor.errorCodes ?? {},
    stream: input.stream,
    usageChunk: input.usageChunk,
    servedBy: target.model,
    sink,
  };
  let verdict: Verdict = 'neither';
  try {
    return await askInTurn(input, credentials, context, ports, async (credential) => {
      const authorised = {
        ...request,
        headers: { ...request.headers, ...credentialHeader(channel, vendor, credential.secret) },
      };
      const run = await observedAttempt(authorised, answering, target, context, ports);
      verdict = verdictOf(run.end);
      return run;
    });
  } finally {
    ports.memory.ended(target, verdict);
  }
}

type Verdict = 'served' | 'failed' | 'neither';

/** What an end says of the target's health. Rate limits and credentials are the account's business, refusals the caller's. */
const ILL: ReadonlySet<string> = new Set(['upstream-transient', 'upstream-timeout', 'upstream-garbled']);
function verdictOf(end: AttemptEnd): Verdict {
  if (end.ended === 'served') return 'served';
  if (end.ended === 'cancelled') return 'neither';
  return ILL.has(end.failure.kind) ? 'failed' : 'neither';
}

/** The outcome of the attempt that needed no successor, or of the last one; every attempt is listed in it. */
async function askInTurn(
  input: Request['input'],
  credentials: readonly Credential[],
  context: CallContext,
  ports: GenerationPorts,
  ask: (credential: Credential) => Promise<AttemptRun>,
): Promise<Outcome> {
  const { target, attemptsLeft } = input;
  const attempts: Attempt[] = [];
  const walked = await walkCredentials(
    {
      target,
      credentials,
      attemptsLeft,
      context,
      ask: async (credential) => {
        const run = await ask(credential);
        attempts.push(attemptOf(target, credential, run));
        return run;
      },
      refusalOf: ({ end }) => (end.ended === 'refused' ? end.failure : undefined),
      hasServed: ({ end }) => end.ended === 'served',
    },
    ports,
  );
  if (walked.asked === 'no') return failedOutcome(walked.failure, undefined, attempts);
  const { end, status } = walked.run;
  if (end.ended !== 'refused') return outcomeOf(end, attempts);
  return failedOutcome(end.failure, verbatimAnswer(end.failure, status, end.answer, target.lane), attempts);
}

function attemptOf(target: Target, credential: Credential, run: AttemptRun): Attempt {
  const { end, status, startedAt, firstContentMs, durationMs } = run;
  const kind = end.ended === 'served' ? undefined : end.ended === 'cancelled' ? 'cancelled' : end.failure.kind;
  return {
    ...attempted(target, credential),
    ...(status !== undefined && { status }),
    ...(kind && { kind }),
    startedAt,
    ...(firstContentMs !== undefined && { firstContentMs }),
    durationMs,
  };
}

import { findVendor, type Channel, type Vendor } from '@bytespike/catalog';
import type { Attempt, CallContext, generation, Outcome, StreamFunction, Target } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { WIRES, type VendorFailure } from '@bytespike/protocols';

import type { AnsweringOptions } from './attempt/answer.js';
import type { AttemptEnd } from './attempt/attempt-end.js';
import type { AttemptPorts, AttemptRun } from './attempt/run-attempt.js';
import type { ChannelDirectory } from './channel-directory.js';
import { attempted } from './domain/attempted.js';
import type { Credential } from './domain/credential-choice.js';
import { failedOutcome, outcomeOf, verbatimAnswer } from './domain/outcome.js';
import { credentialHeader, vendorRequest, type VendorRequest } from './domain/vendor-request.js';
import { endWithoutSecret } from './domain/without-secret.js';
import { observedAttempt } from './observed-attempt.js';
import { walkCredentials, type Walk, type Walked, type WalkPorts } from './walk-credentials.js';

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
  const { operation, stream, headers, query, edits } = input;
  const { upstreamModel, lane } = target;
  const call = { operation, stream, headers, query, upstreamModel, lane, edits, body: body ?? new Uint8Array() };
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
    stream,
    usageChunk: input.usageChunk,
    servedBy: target.model,
    sink,
    streamBegan: () => ports.memory.began(target),
  };
  const walk = new GenerationWalk(input, credentials, context, { request, channel, vendor, answering, ports });
  try {
    return outcomeAfter(await walkCredentials(walk, ports), walk);
  } finally {
    ports.memory.ended(target, walk.verdict);
  }
}

type Verdict = 'served' | 'failed' | 'neither';

/** What every attempt at one target has in common. */
interface Asking {
  readonly request: VendorRequest;
  readonly channel: Channel;
  readonly vendor: Vendor;
  readonly answering: AnsweringOptions;
  readonly ports: AttemptPorts;
}

/** The walk through a target's credentials, and what is remembered of it. */
class GenerationWalk implements Walk<AttemptRun> {
  readonly target: Target;
  readonly attemptsLeft: number;
  readonly attempts: Attempt[] = [];
  /** What the last attempt says of the target's health. */
  verdict: Verdict = 'neither';

  constructor(
    { target, attemptsLeft }: Request['input'],
    readonly credentials: readonly Credential[],
    readonly context: CallContext,
    private readonly asking: Asking,
  ) {
    this.target = target;
    this.attemptsLeft = attemptsLeft;
  }

  async ask(credential: Credential): Promise<AttemptRun> {
    const { target, context } = this;
    const { request, channel, vendor, answering, ports } = this.asking;
    const headers = { ...request.headers, ...credentialHeader(channel, vendor, credential.secret) };
    const authorised = { url: request.url, headers, body: request.body };
    const observed = await observedAttempt(authorised, answering, target, context, ports);
    const run = { ...observed, end: endWithoutSecret(observed.end, credential.secret) };
    this.verdict = verdictOf(run.end);
    this.attempts.push(attemptOf(target, credential, run));
    return run;
  }

  refusalOf({ end }: AttemptRun): VendorFailure | undefined {
    return end.ended === 'refused' ? end.failure : undefined;
  }

  hasServed({ end }: AttemptRun): boolean {
    return end.ended === 'served';
  }
}

/** What an end says of the target's health. Rate limits and credentials are the account's business, refusals the caller's. */
const ILL: ReadonlySet<string> = new Set(['upstream-transient', 'upstream-timeout', 'upstream-garbled']);
function verdictOf(end: AttemptEnd): Verdict {
  if (end.ended === 'served') return 'served';
  if (end.ended === 'cancelled') return 'neither';
  return ILL.has(end.failure.kind) ? 'failed' : 'neither';
}

/** The outcome of the attempt that needed no successor, or of the last one; every attempt is listed in it. */
function outcomeAfter(walked: Walked<AttemptRun>, { attempts, target }: GenerationWalk): Outcome {
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

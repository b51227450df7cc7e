import { setTimeout as delay } from 'node:timers/promises';

import { findVendor } from '@bytespike/catalog';
import type { Attempt, CallContext, generation, Outcome, StreamFunction, Target } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { WIRES, type VendorFailure } from '@bytespike/protocols';

import type { AttemptEnd } from './attempt/attempt-end.js';
import type { AttemptPorts, AttemptRun } from './attempt/run-attempt.js';
import type { ChannelDirectory } from './channel-directory.js';
import type { Credential } from './domain/credential-choice.js';
import { failedOutcome, outcomeOf, verbatimAnswer } from './domain/outcome.js';
import { decideRetry } from './domain/retry-decision.js';
import { credentialHeader, vendorRequest } from './domain/vendor-request.js';
import { observedAttempt } from './observed-attempt.js';
import type { TargetMemory } from './target-memory.js';

type Run = StreamFunction<(typeof generation)['run']>;
type Request = Parameters<Run>[0];
type Sink = Parameters<Run>[1];

export interface GenerationPorts extends AttemptPorts {
  readonly channels: ChannelDirectory;
  readonly memory: TargetMemory;
  readonly random: () => number;
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
    return await walkCredentials(input, credentials, context, ports, async (credential) => {
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

async function walkCredentials(
  input: Request['input'],
  credentials: readonly Credential[],
  context: CallContext,
  ports: GenerationPorts,
  ask: (credential: Credential) => Promise<AttemptRun>,
): Promise<Outcome> {
  const { target } = input;
  const attempts: Attempt[] = [];
  let tried: ReadonlySet<string> = new Set();
  let repeated = false;
  let last: Outcome | undefined;
  for (;;) {
    const choice = ports.memory.choose(target, credentials, tried);
    if (choice.found !== 'credential')
      return last ?? failedOutcome(noCredential(choice, ports.now()), undefined, attempts);
    const { credential } = choice;
    const run = await ask(credential);
    attempts.push(attemptOf(target, credential, run));
    const { end } = run;
    if (end.ended !== 'refused') {
      if (end.ended === 'served') ports.memory.absolve(target, credential.id);
      return outcomeOf(end, attempts);
    }
    const { failure } = end;
    ports.memory.blame(target, credential.id, failure.kind, failure.retryAfterMs);
    last = failedOutcome(failure, verbatimAnswer(failure, run.status, end.answer, target.lane), attempts);
    tried = new Set([...tried, credential.id]);
    const decision = decideRetry({
      kind: failure.kind,
      attemptsLeft: input.attemptsLeft - attempts.length,
      repeatedTarget: repeated,
      credentialsLeft: tried.size < credentials.length,
      timeLeftMs: context.deadline - ports.now(),
      random: ports.random(),
    });
    if (decision.next === 'stop' || context.signal.aborted || !ports.memory.affordRetry(target.channelId)) return last;
    if (decision.next === 'same-target') {
      repeated = true;
      // With nobody else to ask, the same one is asked again.
      if (tried.size >= credentials.length) tried = new Set();
      if ((await waited(decision.waitMs, context.signal)) === 'left') return last;
    }
  }
}

const waited = (ms: number, signal: AbortSignal): Promise<'waited' | 'left'> =>
  delay(ms, undefined, { signal }).then(
    () => 'waited' as const,
    () => 'left' as const,
  );

const noCredential = (
  choice: { readonly found: 'cooling'; readonly until: number } | { readonly found: 'none' },
  now: number,
): VendorFailure =>
  choice.found === 'cooling'
    ? {
        kind: 'upstream-rate-limited',
        message: 'every credential of the channel rests after a rate limit',
        retryAfterMs: Math.max(0, choice.until - now),
      }
    : { kind: 'upstream-credential', message: 'the channel has no credential' };

function attemptOf(target: Target, credential: Credential, run: AttemptRun): Attempt {
  const { end, status, startedAt, firstContentMs, durationMs } = run;
  const kind = end.ended === 'served' ? undefined : end.ended === 'cancelled' ? 'cancelled' : end.failure.kind;
  const { channelId, vendor, model, upstreamModel, priceVersion } = target;
  return {
    channelId,
    credentialId: credential.id,
    vendor,
    model,
    upstreamModel,
    priceVersion,
    ...(status !== undefined && { status }),
    ...(kind && { kind }),
    startedAt,
    ...(firstContentMs !== undefined && { firstContentMs }),
    durationMs,
  };
}

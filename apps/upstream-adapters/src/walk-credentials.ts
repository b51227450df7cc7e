import { setTimeout as delay } from 'node:timers/promises';

import type { CallContext } from '@bytespike/contracts';
import type { VendorFailure } from '@bytespike/protocols';

import type { Credential } from './domain/credential-choice.js';
import { decideRetry } from './domain/retry-decision.js';
import type { TargetKey, TargetMemory } from './target-memory.js';

export interface WalkPorts {
  readonly memory: TargetMemory;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Walk<Run> {
  readonly target: TargetKey;
  readonly credentials: readonly Credential[];
  readonly attemptsLeft: number;
  readonly context: CallContext;
  readonly ask: (credential: Credential) => Promise<Run>;
  /** Why an attempt gave nothing, where something else may be tried; undefined for one that needs no successor. */
  readonly refusalOf: (run: Run) => VendorFailure | undefined;
  /** Whether the attempt speaks for its credential. */
  readonly hasServed: (run: Run) => boolean;
}

export type Walked<Run> =
  | { readonly asked: 'yes'; readonly run: Run }
  /** There was no credential that could be used. */
  | { readonly asked: 'no'; readonly failure: VendorFailure };

const NONE: ReadonlySet<string> = new Set();

/** Asks one target with its credentials in turn, until an attempt needs no successor, no other would help, or none is left. */
export async function walkCredentials<Run>(walk: Walk<Run>, ports: WalkPorts): Promise<Walked<Run>> {
  const { target, credentials, context } = walk;
  const { memory, now } = ports;
  let tried = NONE;
  let attempts = 0;
  let repeated = false;
  let last: Walked<Run> | undefined;
  for (;;) {
    const choice = memory.choose(target, credentials, tried);
    if (choice.found !== 'credential') return last ?? { asked: 'no', failure: noCredential(choice, now()) };
    const { credential } = choice;
    const run = await walk.ask(credential);
    attempts += 1;
    last = { asked: 'yes', run };
    const refusal = walk.refusalOf(run);
    if (refusal === undefined) {
      if (walk.hasServed(run)) memory.absolve(target, credential.id);
      return last;
    }
    memory.blame(target, credential.id, refusal.kind, refusal.retryAfterMs);
    tried = new Set([...tried, credential.id]);
    const decision = decideRetry({
      kind: refusal.kind,
      retryAfterMs: refusal.retryAfterMs,
      attemptsLeft: walk.attemptsLeft - attempts,
      repeatedTarget: repeated,
      credentialsLeft: tried.size < credentials.length,
      timeLeftMs: context.deadline - now(),
      random: ports.random(),
    });
    if (decision.next === 'stop' || context.signal.aborted || !memory.affordRetry(target.channelId)) return last;
    if (decision.next === 'same-target') {
      repeated = true;
      // With nobody else to ask, the same one is asked again.
      if (tried.size >= credentials.length) tried = NONE;
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

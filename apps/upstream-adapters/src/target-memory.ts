import type { ErrorKind } from '@bytespike/kernel';

import { admit, began, closedCircuit, observe, type Circuit } from './domain/circuit.js';
import {
  avoided,
  chooseCredential,
  cooled,
  freshState,
  type Credential,
  type CredentialChoice,
  type CredentialState,
} from './domain/credential-choice.js';
import { earn, fullBudget, spend, type RetryBudget } from './domain/retry-budget.js';

/** A channel and the model asked of it: what circuits and cool-downs are kept for. */
export interface TargetKey {
  readonly channelId: string;
  readonly upstreamModel: string;
}

export interface CircuitChange extends TargetKey {
  readonly circuit: Circuit;
}

/** What this process has learnt of its targets. It is forgotten on a restart, which only lets traffic in. */
export interface TargetMemory {
  /** Undefined when a call may pass; otherwise until when none may. Whoever passes reports by `ended`. */
  enter(target: TargetKey): { readonly until: number } | undefined;
  ended(target: TargetKey, result: 'served' | 'failed' | 'neither'): void;
  /** A stream has begun, whose end may be minutes away. */
  began(target: TargetKey): void;
  choose(target: TargetKey, credentials: readonly Credential[], tried: ReadonlySet<string>): CredentialChoice;
  /** What a failure says of the credential it was met with. */
  blame(target: TargetKey, credentialId: string, kind: ErrorKind, retryAfterMs: number | undefined): void;
  absolve(target: TargetKey, credentialId: string): void;
  /** Counts a call of the channel; retries live off these. */
  called(channelId: string): void;
  /** Whether the channel can afford a retry; the price is taken at once. */
  affordRetry(channelId: string): boolean;
}

export interface TargetMemoryPorts {
  readonly now: () => number;
  readonly random: () => number;
  readonly onChange: (change: CircuitChange) => void;
}

/** More than any catalogue has; the oldest entry is forgotten, which only lets traffic in. */
const ENTRIES_MAX = 10_000;
const CREDENTIAL_FAULTS: ReadonlySet<ErrorKind> = new Set(['upstream-credential', 'upstream-quota']);

export function createTargetMemory({ now, random, onChange }: TargetMemoryPorts): TargetMemory {
  const circuits = new Map<string, Circuit>();
  /** Of targets that a credential has failed at, by its id; most have none. */
  const states = new Map<string, Map<string, CredentialState>>();
  const budgets = new Map<string, RetryBudget>();

  const update = (target: TargetKey, before: Circuit, after: Circuit): void => {
    if (after !== before) remember(circuits, keyOf(target), after);
    if (after.state !== before.state) onChange({ ...target, circuit: after });
  };
  const circuitOf = (target: TargetKey): Circuit => circuits.get(keyOf(target)) ?? closedCircuit;

  return {
    enter(target) {
      const before = circuitOf(target);
      const { admitted, circuit } = admit(before, now());
      if (!admitted) return { until: circuit.until };
      update(target, before, circuit);
      return undefined;
    },
    ended(target, result) {
      const before = circuitOf(target);
      update(target, before, observe(before, result, now()));
    },
    began(target) {
      const before = circuitOf(target);
      update(target, before, began(before));
    },
    choose(target, credentials, tried) {
      const known = states.get(keyOf(target));
      const stateOf = ({ id }: Credential): CredentialState => known?.get(id) ?? freshState;
      return chooseCredential(credentials, stateOf, tried, { now: now(), random: random() });
    },
    blame(target, credentialId, kind, retryAfterMs) {
      const key = keyOf(target);
      const known = states.get(key) ?? new Map<string, CredentialState>();
      const before = known.get(credentialId) ?? freshState;
      if (kind === 'upstream-rate-limited') remember(known, credentialId, cooled(before, retryAfterMs, now()));
      if (CREDENTIAL_FAULTS.has(kind)) remember(known, credentialId, avoided(before, now()));
      if (known.size > 0) remember(states, key, known);
    },
    absolve(target, credentialId) {
      const key = keyOf(target);
      const known = states.get(key);
      if (known?.delete(credentialId) && known.size === 0) states.delete(key);
    },
    called: (channelId) => remember(budgets, channelId, earn(budgets.get(channelId) ?? fullBudget)),
    affordRetry(channelId) {
      const left = spend(budgets.get(channelId) ?? fullBudget);
      if (left) remember(budgets, channelId, left);
      return left !== undefined;
    },
  };
}

const keyOf = ({ channelId, upstreamModel }: TargetKey): string => `${channelId}\n${upstreamModel}`;

function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.set(key, value);
  if (entries.size <= ENTRIES_MAX) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}

import type { ErrorKind } from '@bytespike/kernel';

import { admit, closedCircuit, observe, type Circuit } from './domain/circuit.js';
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
  const states = new Map<string, CredentialState>();
  const budgets = new Map<string, RetryBudget>();

  const update = (target: TargetKey, change: (circuit: Circuit) => Circuit): void => {
    const key = keyOf(target);
    const before = circuits.get(key) ?? closedCircuit;
    const after = change(before);
    if (after !== before) remember(circuits, key, after);
    if (after.state !== before.state) onChange({ ...target, circuit: after });
  };
  const stateKey = (target: TargetKey, credentialId: string): string => `${keyOf(target)}\n${credentialId}`;

  return {
    enter(target) {
      const { admitted, circuit } = admit(circuits.get(keyOf(target)) ?? closedCircuit, now());
      if (!admitted) return { until: circuit.until };
      update(target, () => circuit);
      return undefined;
    },
    ended: (target, result) => update(target, (circuit) => observe(circuit, result, now())),
    choose: (target, credentials, tried) =>
      chooseCredential(credentials, ({ id }) => states.get(stateKey(target, id)) ?? freshState, tried, {
        now: now(),
        random: random(),
      }),
    blame(target, credentialId, kind, retryAfterMs) {
      const key = stateKey(target, credentialId);
      const before = states.get(key) ?? freshState;
      if (kind === 'upstream-rate-limited') remember(states, key, cooled(before, retryAfterMs, now()));
      if (CREDENTIAL_FAULTS.has(kind)) remember(states, key, avoided(before, now()));
    },
    absolve: (target, credentialId) => void states.delete(stateKey(target, credentialId)),
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
  const [oldest] = entries.keys();
  if (entries.size > ENTRIES_MAX && oldest !== undefined) entries.delete(oldest);
}

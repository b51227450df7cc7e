import type { UsageFact } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import type { Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';

/** A hold of a given amount; everything that does not matter to a test has a plain value. */
export const holdOf = (requestId: string, accountId: string, amount: NanoUsd): SizedHold => ({
  requestId,
  accountId,
  keyId: 'key_1',
  reporter: 'reporter_1',
  caps: [],
  amount,
  basis: 'input=1 output=1 price=model@1',
  maxOutputTokens: 1,
  priceVersions: ['model@1'],
  hashInput: () => `hash of ${requestId}`,
  expiresAt: 1_900_000_000_000,
});

/** The settlement of a complete answer at a given cost. */
export const settledAt = (requestId: string, cost: NanoUsd): Settlement => ({
  requestId,
  state: 'settled',
  cost,
  usage: {
    keyId: 'key_1',
    keyHint: 'sk-byts-...abcd',
    organisationId: undefined,
    memberId: undefined,
    model: 'model',
    protocol: 'openai-chat',
    stream: false,
    priceVersion: 'model@1',
    ending: 'complete',
    rule: 'complete',
    flags: [],
    units: { input: 10, output: 5 },
    costPico: cost * 1_000n,
    attempts: [],
    startedAt: 1_800_000_000_000,
    durationMs: 12,
  },
});

/** The fact of a complete answer: 1,000 input and 100 output tokens of `model@1`. */
export const factOf = (requestId: string, change: Partial<UsageFact> = {}): UsageFact => ({
  requestId,
  accountId: 'acc_1',
  keyId: 'key_1',
  keyHint: 'sk-byts-...abcd',
  protocol: 'openai-chat',
  operation: 'generate',
  model: 'model',
  stream: false,
  priceVersion: 'model@1',
  inputTokensEstimate: 1_200,
  startedAt: 1_800_000_000_000,
  durationMs: 12.5,
  outcome: {
    ending: 'complete',
    finish: 'stop',
    usage: { input: 1_000, output: 100 },
    usageSource: 'vendor',
    contentStarted: true,
    deliveredOutput: 98,
    attempts: [],
  },
  ...change,
});

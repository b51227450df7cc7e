import type { Hold, ModelCard, Outcome, Plan, Principal, StreamHead, Target } from '@bytespike/contracts';

/** Values of every contract that the fakes start from; a test changes what it is about. */
export const PEPPER = 'a pepper for tests only';
export const API_KEY = 'sk-byts-0123456789abcdef';
export const MANAGEMENT_KEY = 'sk-mgmt-byts-0123456789abcdef';

export const principal: Principal = {
  keyId: 'key-1',
  accountId: 'account-1',
  groupId: 'default',
  keyHint: 'sk-byts-...cdef',
  policy: 'warn',
  tier: 'pro',
  caps: [],
};

export const target: Target = {
  channelId: 'channel-1',
  vendor: 'anthropic',
  model: 'model-one',
  upstreamModel: 'model-one',
  protocol: 'anthropic-messages',
  lane: 'raw',
  priceVersion: 'model-one@1',
};

export const plan: Plan = { model: 'model-one', maxOutputTokens: 8_192, targets: [target] };

export const accounting: Hold['accounting'] = {
  walletRemaining: 50_000_000_000n,
  keyQuotaRemaining: 12_345_678_901n,
  windows: [
    { window: '5h', limit: 5_000_000_000n, remaining: 1_999_999_999n, resetAt: 1_800_000_000 },
    { window: '7d', limit: 50_000_000_000n, remaining: 42_000_000_000n, resetAt: 1_900_000_000 },
  ],
};

export const hold: Hold = {
  amount: 123_000_000n,
  basis: 'input=1200 output=8192 price=model-one@1',
  maxOutputTokens: 8_192,
  accounting,
};

export const head: StreamHead = {
  status: 200,
  contentType: 'text/event-stream',
  headers: {},
  servedBy: '',
  warnings: [],
};

export const attempt: Outcome['attempts'][number] = {
  channelId: 'channel-1',
  vendor: 'anthropic',
  model: 'model-one',
  upstreamModel: 'model-one',
  priceVersion: 'model-one@1',
  status: 200,
  startedAt: 1,
  firstContentMs: 2,
  durationMs: 3,
};

export const complete: Outcome = {
  ending: 'complete',
  finish: 'stop',
  usage: { input: 10, output: 5 },
  usageSource: 'vendor',
  contentStarted: true,
  deliveredOutput: 5,
  attempts: [attempt],
};

/** An outcome that failed with `kind` before or after content. */
export const failed = (
  failure: NonNullable<Outcome['failure']>,
  ending: 'failed' | 'truncated' = 'failed',
): Outcome => ({
  ending,
  usageSource: 'none',
  contentStarted: ending === 'truncated',
  deliveredOutput: 0,
  failure,
  attempts: [{ ...attempt, kind: failure.kind, status: 500 }],
});

export const cancelled: Outcome = {
  ending: 'cancelled',
  usageSource: 'none',
  contentStarted: true,
  deliveredOutput: 3,
  attempts: [attempt],
};

export const card: ModelCard = {
  id: 'claude-test-4-5',
  displayName: 'Claude Test 4.5',
  family: 'claude',
  vendor: 'anthropic',
  protocols: { 'anthropic-messages': 'native', 'openai-chat': 'translated', 'gemini-generate': 'none' },
  surfaces: [],
  capabilities: ['text', 'tool_use', 'thinking'],
  contextWindow: 200_000,
  maxOutputTokens: 8_192,
  inputModalities: ['text', 'image'],
  outputModalities: ['text'],
  agent: 'eligible',
  created: 1_700_000_000,
};

import type { CapsuleSigner } from '../translation/reasoning/capsules.js';
import type { ExchangeOptions } from '../translation/exchange.js';

/** A stand-in for the platform's signature: readable in goldens, and still not what a stranger would write. */
const testSigner: CapsuleSigner = { sign: (payload) => `mac${payload.length}` };

/** A Messages client on its way to DeepSeek. */
export const toDeepSeek: ExchangeOptions = {
  client: 'anthropic-messages',
  target: 'openai-chat',
  vendor: 'deepseek',
  upstreamModel: 'deepseek-v4-pro-0925',
  model: 'deepseek-v4-pro',
  maxOutputTokens: 64_000,
  stream: true,
  headers: {},
  signer: testSigner,
  createdAt: 1_760_000_000,
};

/** The same client on its way to OpenAI. */
export const toOpenAi: ExchangeOptions = {
  ...toDeepSeek,
  vendor: 'openai',
  upstreamModel: 'gpt-5.5',
  model: 'gpt-5-5',
};

import { authenticateOpenai } from '../openai/authenticate.js';
import type { OpenaiModel } from '../openai/models.js';
import { listOpenaiModels, openaiModel, showOpenaiModel } from '../openai/models.js';
import { chatStreamFailure, openaiErrorBody, renderOpenaiFailure } from '../openai/render-failure.js';
import { servedTier } from '../openai/service-tier.js';
import type { Account } from '../prompt/account.js';
import type { ChatModel, ChatProfile } from './profile.js';
import { validateOpenaiChat } from './validate.js';

const BODY_BYTES_MAX = 50 * 1024 * 1024;

/** OpenAI caches prompts of at least 1,024 tokens in steps of 128. */
export const OPENAI_CACHING = { tokensMin: 1024, stepTokens: 128, ttl: '1h' } as const;

/** Totals include their parts: cached in prompt, reasoning in completion. */
const usage = (account: Account, model: ChatModel): object => ({
  prompt_tokens: account.inputTokens,
  completion_tokens: account.outputTokens,
  total_tokens: account.inputTokens + account.outputTokens,
  prompt_tokens_details: {
    cached_tokens: account.cachedTokens,
    ...(openaiModel(model.id).reportsCacheWrites && { cache_write_tokens: cacheWrites(account) }),
    audio_tokens: 0,
  },
  completion_tokens_details: {
    reasoning_tokens: account.thinkingTokens,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

/** A prompt long enough to be cached writes what it did not find. */
export const cacheWrites = ({ inputTokens, cachedTokens }: Account): number => {
  const cacheable = inputTokens - (inputTokens % OPENAI_CACHING.stepTokens);
  return inputTokens < OPENAI_CACHING.tokensMin ? 0 : Math.max(0, cacheable - cachedTokens);
};

export const effortOf = (asked: unknown, model: OpenaiModel): string => {
  if (model.efforts === undefined) return 'none';
  return typeof asked === 'string' ? asked : (model.efforts[0] ?? 'none');
};

export const OPENAI_CHAT: ChatProfile = {
  vendor: 'openai',
  prefix: '/openai',
  bases: ['/v1'],
  bodyBytesMax: BODY_BYTES_MAX,
  caching: OPENAI_CACHING,
  authenticate: authenticateOpenai,
  renderFailure: renderOpenaiFailure,
  renderStreamFailure: (failure) => chatStreamFailure(openaiErrorBody(failure)),
  model: openaiModel,
  validate: (body, model) => validateOpenaiChat(body, openaiModel(model.id)),
  thinks: (body, model) => effortOf(body['reasoning_effort'], openaiModel(model.id)) !== 'none',
  rendering: {
    responseId: (material) => `chatcmpl-${material}`,
    refusals: 'own-field',
    reasoning: () => 'hidden',
    callId: ({ id }) => `call_${id}`,
    usage,
    streamedUsage: 'own-chunk',
    argumentPieces: () => 'tokens',
    extras: (_requestId, body) => ({
      service_tier: servedTier(body['service_tier']),
      system_fingerprint: 'fp_51b0a7e2c4',
    }),
    obfuscates: true,
  },
  heeds: {
    toolChoice: true,
    jsonSchema: true,
    manyChoices: true,
    images: true,
    limits: ['max_completion_tokens', 'max_tokens'],
  },
  listModels: listOpenaiModels,
  showModel: showOpenaiModel,
};

import { authenticateOpenai } from '../openai/authenticate.js';
import { cacheWrites, OPENAI_CACHING } from '../openai/caching.js';
import { effortFor, listOpenaiModels, openaiModel, showOpenaiModel } from '../openai/models.js';
import { chatStreamFailure, openaiErrorBody, renderOpenaiFailure } from '../openai/render-failure.js';
import { servedTier } from '../openai/service-tier.js';
import type { Account } from '../prompt/account.js';
import type { ChatModel, ChatProfile } from './profile.js';
import { validateOpenaiChat } from './validate.js';

const BODY_BYTES_MAX = 50 * 1024 * 1024;

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

/** OpenAI's own profile of the chat wire: the standard that the others deviate from. */
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
  thinks: (body, model) => effortFor(openaiModel(model.id), body['reasoning_effort']) !== 'none',
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

import { cacheWrites, OPENAI_CACHING } from '../openai/caching.js';
import type { OpenaiModel } from '../openai/models.js';
import { openaiModel } from '../openai/models.js';
import type { Account } from '../prompt/account.js';
import { checkItems } from './check-items.js';
import type { ResponsesModel, ResponsesProfile } from './profile.js';
import { settingsText } from './response-object.js';
import { effortOf, validateResponse } from './validate.js';

const served = (model: OpenaiModel): ResponsesModel => ({
  id: model.id,
  contextTokens: model.contextTokens,
  outputTokensMax: model.outputTokensMax,
  validate: (body) => validateResponse(body, model),
  checkItems,
  thinks: (body) => effortOf(body, model) !== 'none',
  usage: (account) => ({
    ...responsesUsage(account, model.reportsCacheWrites && { cache_write_tokens: cacheWrites(account) }),
  }),
  settings: (body) => settingsText(body, { effort: model.efforts === undefined ? null : effortOf(body, model) }),
});

/** Inclusive totals, as every Responses wire has them; `more` is what a vendor adds to the input's details. */
export const responsesUsage = (account: Account, more: object | undefined = undefined): object => ({
  input_tokens: account.inputTokens,
  input_tokens_details: { cached_tokens: account.cachedTokens, ...more },
  output_tokens: account.outputTokens,
  output_tokens_details: { reasoning_tokens: account.thinkingTokens },
  total_tokens: account.inputTokens + account.outputTokens,
});

/** OpenAI's own. */
export const OPENAI_RESPONSES: ResponsesProfile = {
  vendor: 'openai',
  caching: OPENAI_CACHING,
  model: (name) => served(openaiModel(name)),
  state: 'kept',
  reasoning: 'sealed',
  heeds: { toolChoice: true, jsonSchema: true },
  obfuscates: true,
};

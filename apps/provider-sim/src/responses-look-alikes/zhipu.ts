import { zhipuChat, ZHIPU_MODELS } from '../look-alikes/zhipu.js';
import type { Wire } from '../wire/wire.js';
import { effortIn, withResponses } from './with-responses.js';

/** GLM on Chat and, under the coding plan's base, on Responses. What it ignores on Chat it ignores here too. */
export const zhipu: Wire = withResponses(zhipuChat, {
  path: '/api/v1/responses',
  models: ZHIPU_MODELS,
  unknownModel: () => ({ status: 400, code: '1211' }),
  caching: { tokensMin: 512, stepTokens: 64, ttl: '1h' },
  check: () => undefined,
  thinks: (body) => effortIn(body) !== 'none',
  reasoning: 'content',
  heeds: { toolChoice: false },
});

import { minimaxChat, MINIMAX_MODELS } from '../look-alikes/minimax.js';
import type { Wire } from '../wire/wire.js';
import { effortIn, withResponses } from './with-responses.js';

/** MiniMax on Chat and on Responses. */
export const minimax: Wire = withResponses(minimaxChat, {
  path: '/v1/responses',
  models: MINIMAX_MODELS,
  unknownModel: (name) => ({ status: 400, message: `invalid params, unknown model '${name}'` }),
  caching: { tokensMin: 512, stepTokens: 1, ttl: '5m' },
  check: () => undefined,
  thinks: (body) => effortIn(body) !== 'none',
  reasoning: 'content',
  heeds: { toolChoice: false },
});

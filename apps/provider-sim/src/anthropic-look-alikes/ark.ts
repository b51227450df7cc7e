import { checkToolPairs } from '../anthropic/check-order.js';
import { renderAnthropicFailure, renderAnthropicStreamFailure } from '../anthropic/failure.js';
import { mergeTurns } from '../anthropic/messages-request.js';
import type { MessagesRequest } from '../anthropic/messages-request.js';
import type { Persona } from '../anthropic/persona.js';
import { ARK_MODELS, isArkEndpoint } from '../look-alikes/ark.js';
import { isAcceptedKey } from '../wire/answer-call.js';
import type { Failure, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import {
  cachingByItself,
  eitherKey,
  isThinking,
  lookAlikeWire,
  missingField,
  withoutServerTools,
} from './look-alike.js';

const CACHE_TOKENS_MIN = 64;

/** Ark's words for a failure; which of them it uses on this wire is known to its customers alone (protocols, 4.5). */
const WORDS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  401: ['Unauthorized', "The API key doesn't exist."],
  403: ['Forbidden', 'The request failed because your account has an overdue balance.'],
  404: ['NotFound', 'The model or endpoint does not exist or you do not have access to it.'],
  429: ['TooManyRequests', 'The requests per minute (RPM) limit of the associated endpoint has been exceeded.'],
};

const worded = (failure: Failure): Failure => {
  const [type, message] = WORDS[failure.status] ?? [];
  const keepsMessage = failure.message !== undefined && failure.reason !== 'no-route';
  return {
    ...failure,
    ...(failure.type === undefined && type !== undefined && { type }),
    ...(!keepsMessage && message !== undefined && { message }),
  };
};

const neverThinks = (model: string): boolean => model.startsWith('doubao-1-5');

const understood = (request: MessagesRequest): MessagesRequest => ({
  ...withoutServerTools(request),
  output_config: null,
  output_format: null,
  thinking: isThinking(request) && !neverThinks(request.model) ? { type: 'adaptive' } : { type: 'disabled' },
});

const persona: Persona = {
  vendor: 'bytedance',
  // Up to the version, because the chat wire lives below `/ark/api/coding` too.
  prefix: '/ark/api/coding/v1',
  authenticate: (credentials) => {
    const key = eitherKey(credentials);
    return isAcceptedKey(key) ? { key } : { failure: { status: 401 } };
  },
  renderFailure: (failure, digest) => renderAnthropicFailure(worded(failure), digest),
  renderStreamFailure: (failure, digest) => renderAnthropicStreamFailure(worded(failure), digest),
  checkShape: (body) => {
    const missing = missingField(body);
    if (missing !== undefined)
      throw new Refusal({ status: 400, message: `The parameter \`${missing}\` specified in the request is missing.` });
  },
  servedModel: (name) =>
    ARK_MODELS.some(({ id }) => id === name) || isArkEndpoint(name) || name.includes('sim') ? name : undefined,
  unknownModel: () => ({ status: 404 }),
  check: (request) => checkToolPairs(mergeTurns(request.messages)),
  understood,
  threads: 'unknown',
  seal: 'placeholder',
  images: 'seen',
  callFrame: {},
  callId: (call) => `call_${call.id}`,
  messageId: (id) => `021${id}`,
  inputUsage: cachingByItself({ tokensMin: CACHE_TOKENS_MIN, stepTokens: 1, ttl: '1h' }),
  outputUsage: ({ outputTokens }) => ({ output_tokens: outputTokens }),
  headers: (call) => ({ 'x-request-id': call.digest.slice(0, 32) }),
};

/** Doubao behind Anthropic's request shape, under the coding plan's base. */
export const arkAnthropic: Wire = lookAlikeWire(persona, '/messages');

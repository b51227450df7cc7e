import { checkToolPairs } from '../anthropic/check-order.js';
import { renderAnthropicFailure, renderAnthropicStreamFailure } from '../anthropic/failure.js';
import { mergeTurns } from '../anthropic/messages-request.js';
import type { Persona } from '../anthropic/persona.js';
import { refuseAt } from '../anthropic/shape.js';
import { bearerOf, isAcceptedKey } from '../wire/answer-call.js';
import type { Failure, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { cachingByItself, isThinking, lookAlikeWire, missingField, withoutServerTools } from './look-alike.js';

const MODELS = ['kimi-k2.5', 'kimi-k2.6', 'kimi-k2.7-code', 'kimi-k3'];
const CACHE_TOKENS_MIN = 32;

const TYPES: Readonly<Record<number, readonly [type: string, message: string]>> = {
  401: ['invalid_authentication_error', 'Invalid Authentication'],
  404: ['resource_not_found_error', 'The requested resource was not found'],
  // An empty purse is a 429 too; a test that wants it says `type=exceeded_current_quota_error`.
  429: ['rate_limit_reached_error', 'Your account has reached its rate limit, please try again after 1 seconds'],
  529: ['engine_overloaded_error', 'The engine is currently overloaded, please try again later'],
};

/** Moonshot keeps Anthropic's envelope and puts its own words in. */
const worded = (failure: Failure): Failure => {
  const [type, message] = TYPES[failure.status] ?? [];
  const keepsMessage = failure.message !== undefined && failure.reason !== 'no-route';
  return {
    ...failure,
    ...(failure.type === undefined && type !== undefined && { type }),
    ...(!keepsMessage && message !== undefined && { message }),
  };
};

const persona: Persona = {
  vendor: 'moonshot',
  prefix: '/moonshot/anthropic',
  authenticate: (credentials) => {
    const key = bearerOf(credentials);
    return isAcceptedKey(key) ? { key } : { failure: { status: 401 } };
  },
  renderFailure: (failure, digest) => renderAnthropicFailure(worded(failure), digest),
  renderStreamFailure: (failure, digest) => renderAnthropicStreamFailure(worded(failure), digest),
  checkShape: (body) => {
    const missing = missingField(body);
    if (missing !== undefined) throw new Refusal({ status: 400, message: `Invalid request: ${missing} is required` });
  },
  servedModel: (name) => (MODELS.includes(name) || name.includes('sim') ? name : undefined),
  unknownModel: (name) => ({ status: 404, message: `Not found the model ${name} or Permission denied` }),
  check: (request) => {
    checkToolPairs(mergeTurns(request.messages));
    if (isThinking(request) && request.tool_choice?.type === 'tool') {
      refuseAt('', "tool_choice 'specified' is incompatible with thinking enabled");
    }
  },
  // `adaptive` changes nothing and temperatures are swallowed; a schema is kept to.
  understood: (request) => ({
    ...withoutServerTools(request),
    thinking: isThinking(request) ? { type: 'adaptive' } : { type: 'disabled' },
  }),
  threads: 'unknown',
  seal: 'empty',
  images: 'seen',
  // The number starts again in every answer, so ids repeat within a conversation.
  callFrame: {},
  callId: (call, index) => `${call.name}_${index}`,
  messageId: (id) => `msg_${id}`,
  inputUsage: cachingByItself({ tokensMin: CACHE_TOKENS_MIN, stepTokens: 1, ttl: '1h' }),
  outputUsage: ({ outputTokens, thinkingTokens }) => ({ output_tokens: outputTokens, thinking_tokens: thinkingTokens }),
  headers: (call) => ({ 'msh-request-id': call.digest.slice(0, 32) }),
};

/** Kimi behind Anthropic's request shape. */
export const moonshotAnthropic: Wire = lookAlikeWire(persona);

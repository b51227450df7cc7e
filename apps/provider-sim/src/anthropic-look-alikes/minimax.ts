import { checkToolPairs } from '../anthropic/check-order.js';
import { mergeTurns } from '../anthropic/messages-request.js';
import type { MessagesRequest } from '../anthropic/messages-request.js';
import type { Persona } from '../anthropic/persona.js';
import { sse } from '../anthropic/render-message.js';
import { isAcceptedKey } from '../wire/answer-call.js';
import type { Failure, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import {
  allowingParallel,
  cachingByItself,
  eitherKey,
  isThinking,
  lookAlikeWire,
  missingField,
  withoutServerTools,
} from './look-alike.js';

const MODELS = ['MiniMax-M3', 'MiniMax-M3.1-Flash-Preview', 'MiniMax-M2.7', 'MiniMax-M2.7-highspeed', 'MiniMax-M2.5'];
const CACHE_TOKENS_MIN = 32;

/** Models of the second generation think whether one likes it or not. */
const alwaysThinks = (model: string): boolean => model.startsWith('MiniMax-M2');

const HABITS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['bad_request_error', 'invalid params (2013)'],
  401: [
    'authentication_error',
    "login fail: Please carry the API secret key in the 'Authorization' field of the request header (1004)",
  ],
  402: ['insufficient_balance_error', 'insufficient balance (1008)'],
  404: ['not_found_error', '404 page not found'],
  413: ['bad_request_error', 'request body too large (2013)'],
  429: ['rate_limit_error', 'rate limit exceeded (1002)'],
  529: ['overloaded_error', 'High traffic detected. Please try again later. (2064)'],
};

const FALLBACK = ['api_error', 'unknown error, 999 (1000)'] as const;

const errorOf = (failure: Failure, digest: string) => {
  const [type, message] = HABITS[failure.status] ?? FALLBACK;
  const malformed = 'invalid params, the request body is not valid JSON (2013)';
  return {
    error: {
      type: failure.type ?? type,
      message:
        failure.reason === 'malformed-json'
          ? malformed
          : failure.reason === 'no-route'
            ? message
            : (failure.message ?? message),
      http_code: String(failure.status),
    },
    request_id: digest.slice(0, 32),
  };
};

const understood = (request: MessagesRequest): MessagesRequest => ({
  ...withoutServerTools(request),
  tool_choice: allowingParallel(request.tool_choice),
  stop_sequences: null,
  thinking: isThinking(request) || alwaysThinks(request.model) ? { type: 'adaptive' } : { type: 'disabled' },
});

const persona: Persona = {
  vendor: 'minimax',
  prefix: '/minimax/anthropic',
  authenticate: (credentials) => {
    const key = eitherKey(credentials);
    return isAcceptedKey(key) ? { key } : { failure: { status: 401 } };
  },
  renderFailure: (failure, digest) => ({
    type: 'json',
    status: failure.status,
    headers: { 'content-type': 'application/json', ...failure.headers },
    body: JSON.stringify({ type: 'error', ...errorOf(failure, digest) }),
  }),
  renderStreamFailure: (failure, digest) => [
    sse('content', Object.assign({ type: 'error' }, errorOf(failure, digest))),
  ],
  checkShape: (body) => {
    const missing = missingField(body);
    if (missing !== undefined)
      throw new Refusal({ status: 400, message: `invalid params, ${missing} is required (2013)` });
  },
  servedModel: (name) => (MODELS.includes(name) || name.includes('sim') ? name : undefined),
  unknownModel: (name) => ({ status: 400, message: `invalid params, unknown model '${name.toLowerCase()}' (2013)` }),
  check: (request) => checkToolPairs(mergeTurns(request.messages)),
  understood,
  threads: 'unknown',
  seal: 'placeholder',
  images: 'unsupported',
  callFrame: {},
  callId: (call, index) => `call_function_${call.id.slice(0, 12).toLowerCase()}_${index + 1}`,
  messageId: (id) => id,
  inputUsage: cachingByItself({ tokensMin: CACHE_TOKENS_MIN, stepTokens: 1, ttl: '5m' }),
  outputUsage: ({ outputTokens }) => ({ output_tokens: outputTokens }),
  headers: (call) => ({ 'trace-id': call.digest.slice(0, 32) }),
};

/** MiniMax behind Anthropic's request shape, the cleaner of its two wires. */
export const minimaxAnthropic: Wire = lookAlikeWire(persona);

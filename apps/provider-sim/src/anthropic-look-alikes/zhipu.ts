import { checkToolPairs } from '../anthropic/check-order.js';
import { renderAnthropicFailure, renderAnthropicStreamFailure } from '../anthropic/failure.js';
import { mergeTurns } from '../anthropic/messages-request.js';
import type { MessagesRequest } from '../anthropic/messages-request.js';
import type { Persona } from '../anthropic/persona.js';
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

const MODELS = ['glm-5.1', 'glm-5', 'glm-5.2', 'glm-5.3', 'glm-4.7'];
const CACHE_STEP_TOKENS = 64;

/** Zhipu's numbers stand where Anthropic has a word. */
const CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['1210', 'Invalid API parameter, please check the documentation.'],
  401: ['1000', 'Authentication Failed'],
  404: ['1211', 'Unknown Model, please check the model code.'],
  429: ['1302', 'Rate limit reached for requests'],
  503: ['1305', 'The service may be temporarily overloaded, please try again later'],
};

const worded = (failure: Failure): Failure => {
  const [code, message] = CODES[failure.status] ?? ['500', 'Internal network failure, please try again later.'];
  const keepsMessage = failure.message !== undefined && failure.reason !== 'no-route';
  return { ...failure, type: failure.type ?? failure.code ?? code, ...(!keepsMessage && { message }) };
};

/** A forced tool and a schema are accepted and have no effect, as on the chat wire. */
const understood = (request: MessagesRequest): MessagesRequest => ({
  ...withoutServerTools(request),
  tool_choice: null,
  output_config: null,
  output_format: null,
  thinking: isThinking(request) ? { type: 'adaptive' } : { type: 'disabled' },
});

const persona: Persona = {
  vendor: 'zhipu',
  prefix: '/zhipu/api/anthropic',
  authenticate: (credentials) => {
    const key = eitherKey(credentials);
    return isAcceptedKey(key) ? { key } : { failure: { status: 401 } };
  },
  renderFailure: (failure, digest) => renderAnthropicFailure(worded(failure), digest),
  renderStreamFailure: (failure, digest) => renderAnthropicStreamFailure(worded(failure), digest),
  checkShape: (body) => {
    const missing = missingField(body);
    if (missing !== undefined) throw new Refusal({ status: 400, message: `The ${missing} parameter is illegal.` });
  },
  servedModel: (name) => (MODELS.includes(name) || name.includes('sim') ? name : undefined),
  unknownModel: () => ({ status: 400, code: '1211', message: 'Unknown Model, please check the model code.' }),
  check: (request) => checkToolPairs(mergeTurns(request.messages)),
  understood,
  threads: 'unknown',
  seal: 'placeholder',
  images: 'unsupported',
  callFrame: {},
  callId: (call) => `call_${call.id}`,
  messageId: (id) => `msg_${id}`,
  inputUsage: cachingByItself({ tokensMin: CACHE_STEP_TOKENS, stepTokens: CACHE_STEP_TOKENS, ttl: '1h' }),
  outputUsage: ({ outputTokens }) => ({ output_tokens: outputTokens }),
  headers: (call) => ({ 'x-log-id': call.digest.slice(0, 32) }),
};

/** GLM behind Anthropic's request shape. */
export const zhipuAnthropic: Wire = lookAlikeWire(persona);

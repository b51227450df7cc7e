import { checkToolPairs } from '../anthropic/check-order.js';
import type { MessagesRequest } from '../anthropic/messages-request.js';
import { mergeTurns } from '../anthropic/messages-request.js';
import type { Persona } from '../anthropic/persona.js';
import { sse } from '../anthropic/render-message.js';
import { refuseAt } from '../anthropic/shape.js';
import { isAcceptedKey } from '../wire/answer-call.js';
import type { Failure, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import {
  allowingParallel,
  cachingByItself,
  eitherKey,
  isForced,
  isThinking,
  lookAlikeWire,
  missingField,
  withoutServerTools,
} from './look-alike.js';

const MODELS = ['deepseek-flash', 'deepseek-v4-pro', 'deepseek-v4-flash', 'deepseek-v3.2'];
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max', 'ultra'];
const CACHE_STEP_TOKENS = 64;

const HABITS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'Invalid request'],
  401: ['authentication_error', 'Authentication Fails (governor)'],
  402: ['unknown_error', 'Insufficient Balance'],
  404: ['invalid_request_error', 'Not Found'],
  413: ['invalid_request_error', 'Request body too large'],
  422: ['invalid_request_error', 'Invalid parameters'],
  429: ['rate_limit_error', 'Rate limit reached'],
  503: [
    'service_unavailable_error',
    'Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.',
  ],
};

const FALLBACK = ['api_error', 'Internal server error'] as const;

/** On its Anthropic wire too, DeepSeek's errors look like OpenAI's (protocols 4.1). */
const errorOf = (failure: Failure) => {
  const [type, message] = HABITS[failure.status] ?? FALLBACK;
  const malformed = `Failed to parse the request body as JSON: ${failure.message ?? ''}`;
  return {
    error: {
      message:
        failure.reason === 'malformed-json'
          ? malformed
          : failure.reason === 'no-route'
            ? message
            : (failure.message ?? message),
      type: failure.type ?? type,
      param: failure.param ?? null,
      code: failure.code ?? 'invalid_request_error',
    },
  };
};

/** `claude-*` is served, silently, by models of its own; only `response.model` tells. */
const servedModel = (name: string): string | undefined => {
  if (name.startsWith('claude-')) return name.includes('opus') ? 'deepseek-v4-pro' : 'deepseek-v4-flash';
  return MODELS.includes(name) || name.includes('sim') ? name : undefined;
};

const PASS_BACK = 'The `content[].thinking` in the thinking mode must be passed back to the API.';

const check = (request: MessagesRequest): void => {
  const turns = mergeTurns(request.messages);
  checkToolPairs(turns);
  const effort = request.output_config?.effort;
  if (effort && !EFFORTS.includes(effort)) refuseAt('', `Invalid effort: ${effort}`);
  if (!isThinking(request)) return;
  if (isForced(request.tool_choice)) refuseAt('', 'Thinking mode does not support this tool_choice');
  const silent = turns.find(
    ({ role, blocks }) =>
      role === 'assistant' &&
      blocks.some(({ block }) => block.type === 'tool_use') &&
      !blocks.some(({ block }) => block.type === 'thinking'),
  );
  if (silent !== undefined) refuseAt('', PASS_BACK);
};

const persona: Persona = {
  vendor: 'deepseek',
  prefix: '/deepseek/anthropic',
  authenticate: (credentials) => {
    const key = eitherKey(credentials);
    if (isAcceptedKey(key)) return { key };
    const tail = key === undefined ? '' : `, Your api key: ****${key.slice(-4)} is invalid`;
    return { failure: { status: 401, message: `Authentication Fails${tail}` } };
  },
  renderFailure: (failure) => ({
    type: 'json',
    status: failure.status,
    headers: { 'content-type': 'application/json', ...failure.headers },
    body: JSON.stringify(errorOf(failure)),
  }),
  renderStreamFailure: (failure) => [sse('content', Object.assign({ type: 'error' }, errorOf(failure)))],
  checkShape: (body) => {
    const missing = missingField(body);
    if (missing !== undefined) throw new Refusal({ status: 400, message: `missing field \`${missing}\`` });
  },
  servedModel,
  unknownModel: () => ({ status: 400, message: 'Model Not Exist' }),
  check,
  // Marks, top_k, schemas and the parallel switch are read by nobody, and an answer of 200 does not say so.
  understood: (request) => ({
    ...withoutServerTools(request),
    tool_choice: allowingParallel(request.tool_choice),
    output_config: null,
    output_format: null,
    thinking: isThinking(request) ? { type: 'adaptive' } : { type: 'disabled' },
  }),
  threads: 'unknown',
  seal: 'placeholder',
  images: 'unsupported',
  callFrame: {},
  callId: (call, index) => `call_${String(index).padStart(2, '0')}_${call.id}`,
  messageId: (id) =>
    `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20).padEnd(12, '0')}`,
  inputUsage: cachingByItself({ tokensMin: CACHE_STEP_TOKENS, stepTokens: CACHE_STEP_TOKENS, ttl: '1h' }),
  outputUsage: ({ outputTokens }) => ({ output_tokens: outputTokens }),
  headers: (call) => ({ 'x-ds-trace-id': call.digest.slice(0, 32) }),
};

/** DeepSeek behind Anthropic's request shape. */
export const deepseekAnthropic: Wire = lookAlikeWire(persona);

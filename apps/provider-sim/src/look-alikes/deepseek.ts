import { createChatWire } from '../openai-chat/create-chat-wire.js';
import { messagesOf, toolCallsOf } from '../openai-chat/message-order.js';
import type { ChatModel } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import type { Failure } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { formatType, hasUserImage, isForced, lookAlike, thinkingType, toolsIn, usage } from './look-alike.js';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'];
const LIMITS = { contextTokens: 131_072, outputTokensMax: 65_536 } as const;
export const DEEPSEEK_MODELS: readonly ChatModel[] = [
  'deepseek-v4-pro',
  'deepseek-flash',
  'deepseek-v4-flash',
  'deepseek-v3.2',
  'deepseek-r1',
].map((id) => ({ id, ...LIMITS }));

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

const errorBody = (failure: Failure): object => {
  const [type, message] = HABITS[failure.status] ?? FALLBACK;
  const said =
    failure.reason === 'malformed-json'
      ? `Failed to parse the request body as JSON: ${failure.message ?? ''}`
      : failure.message;
  return {
    error: {
      message: failure.reason === 'no-route' ? message : (said ?? message),
      type: failure.type ?? type,
      param: failure.param ?? null,
      code: failure.code ?? 'invalid_request_error',
    },
  };
};

const badRequest = (message: string): Failure => ({ status: 400, message });
const refuse = (message: string): never => {
  throw new Refusal(badRequest(message));
};

/** R1 always thinks, V3.2 only when told to, V4 unless told not to. */
const thinks = (body: Json, { id }: ChatModel): boolean => {
  if (id === 'deepseek-r1') return true;
  const type = thinkingType(body);
  if (id === 'deepseek-v3.2') return type === 'enabled';
  return type !== 'disabled' && body['reasoning_effort'] !== 'none';
};

const check = (body: Json, model: ChatModel): void => {
  const effort = body['reasoning_effort'];
  if (typeof effort === 'string' && !EFFORTS.includes(effort))
    refuse(
      `Failed to deserialize the JSON body into the target type: reasoning_effort: unknown variant \`${effort}\`, expected one of ${EFFORTS.map((name) => `\`${name}\``).join(', ')}`,
    );
  const image = hasUserImage(body);
  if (image >= 0)
    refuse(
      `Failed to deserialize the JSON body into the target type: messages[${image}]: unknown variant \`image_url\`, expected \`text\``,
    );
  if (formatType(body) === 'json_schema') refuse('This response_format type is unavailable now');
  if (formatType(body) === 'json_object' && !/json/i.test(JSON.stringify(body['messages'])))
    refuse("Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.");
  if (!thinks(body, model)) return;
  if (toolsIn(body) && isForced(body)) refuse('Thinking mode does not support this tool_choice');
  checkPassBack(body, model);
};

/** V4 wants the thinking behind every tool call back for good; R1 wanted none of it. */
const checkPassBack = (body: Json, { id }: ChatModel): void => {
  const messages = messagesOf(body).filter(({ role }) => role === 'assistant');
  if (id === 'deepseek-r1') {
    if (messages.some((message) => typeof message['reasoning_content'] === 'string'))
      refuse(
        'The reasoning_content is an intermediate result for display purposes only and cannot be part of the input.',
      );
    return;
  }
  if (messages.some((message) => toolCallsOf(message).length > 0 && typeof message['reasoning_content'] !== 'string'))
    refuse('The `reasoning_content` in the thinking mode must be passed back to the API.');
};

const DEEPSEEK_CHAT = lookAlike({
  vendor: 'deepseek',
  prefix: '/deepseek',
  bases: ['', '/v1', '/beta'],
  caching: { tokensMin: 64, stepTokens: 64, ttl: '1h' },
  models: DEEPSEEK_MODELS,
  unknownModel: () => badRequest('Model Not Exist'),
  badKey: (key) => ({
    status: 401,
    message: `Authentication Fails${key === undefined ? ' (governor)' : `, Your api key: ****${key.slice(-4)} is invalid`}`,
  }),
  errorBody,
  badRequest,
  check,
  thinks,
  heeds: { limits: ['max_tokens'], images: false },
  rendering: {
    callId: ({ id, ordinal }) => `call_${String(ordinal).padStart(2, '0')}_${id}`,
    deltasNameBoth: true,
    keepAlive: ': keep-alive\n\n',
    extras: () => ({ system_fingerprint: 'fp_ddc2b1a5e7_prod0820_fp8_kvcache' }),
    usage: (account) => ({
      ...usage(account),
      prompt_cache_hit_tokens: account.cachedTokens,
      prompt_cache_miss_tokens: account.inputTokens - account.cachedTokens,
    }),
  },
});

/** DeepSeek's chat wire, at all three of its bases. */
export const deepseekChat = createChatWire(DEEPSEEK_CHAT);

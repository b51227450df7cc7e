import { createChatWire } from '../openai-chat/create-chat-wire.js';
import type { ChatModel } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import type { Failure } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { lookAlike, thinkingType, usage } from './look-alike.js';

export const MOONSHOT_MODELS: readonly ChatModel[] = ['kimi-k2.6', 'kimi-k2.5', 'kimi-k2.7-code', 'kimi-k3'].map(
  (id) => ({
    id,
    contextTokens: 262_144,
    outputTokensMax: 32_768,
  }),
);

const HABITS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'Invalid request'],
  401: ['invalid_authentication_error', 'Invalid Authentication'],
  403: ['permission_denied_error', 'The API you are accessing is not open'],
  404: ['resource_not_found_error', 'Not found'],
  413: ['invalid_request_error', 'Request body too large'],
  429: [
    'rate_limit_reached_error',
    'Your account reached max organization concurrency: 3, please try again after 1 seconds',
  ],
  503: ['engine_overloaded_error', 'The engine is currently overloaded, please try again later'],
};
const FALLBACK = ['server_error', 'The server had an error while processing your request'] as const;

/** An empty purse comes on a 429 as well (`type=exceeded_current_quota_error`); only its type tells it from haste. */
const BALANCE = 'exceeded_current_quota_error';

const errorBody = (failure: Failure): object => {
  const [usual, message] = HABITS[failure.status] ?? FALLBACK;
  const spent = failure.type === BALANCE || failure.code === 'insufficient_quota';
  const type = spent ? BALANCE : (failure.type ?? usual);
  const fallback = spent
    ? 'Your account is suspended due to insufficient balance, please recharge your account or check your plan and billing details'
    : message;
  return { error: { message: failure.reason === 'no-route' ? 'url.not_found' : (failure.message ?? fallback), type } };
};

const badRequest = (message: string): Failure => ({ status: 400, message });
const refuse = (message: string): never => {
  throw new Refusal(badRequest(message));
};

const thinks = (body: Json): boolean => thinkingType(body) !== 'disabled';

/** The sampling is fixed: what may be sent is the value that applies anyway. */
const fixedSampling = (body: Json): Readonly<Record<string, number>> => ({
  temperature: thinks(body) ? 1 : 0.6,
  top_p: 0.95,
  n: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
});

const check = (body: Json): void => {
  for (const [field, only] of Object.entries(fixedSampling(body))) {
    const value = body[field];
    if (typeof value === 'number' && value !== only) refuse(`invalid ${field}: only ${only} is allowed for this model`);
  }
  if (body['reasoning_effort'] === 'none')
    refuse('invalid reasoning_effort: none is not supported, use thinking.type=disabled');
  if (body['tool_choice'] === 'required') refuse("tool_choice 'required' is not supported");
};

const MOONSHOT_CHAT = lookAlike({
  vendor: 'moonshot',
  prefix: '/moonshot',
  bases: ['/v1'],
  caching: { tokensMin: 256, stepTokens: 256, ttl: '1h' },
  models: MOONSHOT_MODELS,
  unknownModel: (name) => ({ status: 404, message: `Not found the model ${name} or Permission denied` }),
  badKey: () => ({ status: 401 }),
  errorBody,
  badRequest,
  check,
  thinks,
  heeds: { jsonSchema: true },
  rendering: {
    responseId: (material) => `chatcmpl-${material}`,
    // These repeat from turn to turn: the number counts within one answer only.
    callId: ({ name, ordinal }) => `functions.${name}:${ordinal}`,
    usage: (account) => ({ ...usage(account), cached_tokens: account.cachedTokens }),
  },
});

/** Moonshot's (Kimi's) chat wire. */
export const moonshotChat = createChatWire(MOONSHOT_CHAT);

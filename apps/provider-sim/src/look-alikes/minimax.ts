import { createChatWire } from '../openai-chat/create-chat-wire.js';
import type { ChatModel, ReasoningSlot } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import type { Failure } from '../wire/wire.js';
import { lookAlike, thinkingType } from './look-alike.js';

export const MINIMAX_MODELS: readonly ChatModel[] = [
  'MiniMax-M2.7',
  'MiniMax-M2.7-highspeed',
  'MiniMax-M2.5',
  'MiniMax-M3',
  'MiniMax-M3.1-Flash-Preview',
].map((id) => ({ id, contextTokens: 204_800, outputTokensMax: 131_072 }));

interface Habit {
  readonly type: string;
  readonly code: number;
  readonly message: string;
}

const HABITS: Readonly<Record<number, Habit>> = {
  400: { type: 'bad_request_error', code: 2013, message: 'invalid params' },
  401: {
    type: 'authorized_error',
    code: 1004,
    message: 'login fail: Please carry the API secret key in the Authorization field of the request header',
  },
  402: { type: 'insufficient_balance_error', code: 1008, message: 'insufficient balance' },
  404: { type: 'bad_request_error', code: 2013, message: 'not found' },
  429: { type: 'rate_limit_error', code: 1002, message: 'rate limit' },
  503: { type: 'overloaded_error', code: 1013, message: 'the server is busy, please try again later' },
};
const FALLBACK: Habit = { type: 'server_error', code: 1000, message: 'unknown error' };

/** The vendor's number is in brackets after the message and again in `base_resp`; `http_code` is a string. */
const errorBody = (failure: Failure, requestId: string): object => {
  const habit = HABITS[failure.status] ?? FALLBACK;
  const code = failure.code === undefined || failure.code === null ? habit.code : Number(failure.code);
  const message = `${failure.reason === 'no-route' ? 'not found' : (failure.message ?? habit.message)} (${code})`;
  return {
    type: 'error',
    error: { type: failure.type ?? habit.type, message, http_code: String(failure.status) },
    base_resp: { status_code: code, status_msg: message },
    request_id: requestId.slice(0, 32),
  };
};

const badRequest = (message: string): Failure => ({ status: 400, message: `invalid params, ${message}` });

/** M3 can be told not to think; the M2 line cannot. */
const thinks = (body: Json, { id }: ChatModel): boolean =>
  !(id.startsWith('MiniMax-M3') && thinkingType(body) === 'disabled');

const slotOf = (body: Json, { id }: ChatModel): ReasoningSlot => {
  if (id === 'MiniMax-M3.1-Flash-Preview') return 'reasoning_content';
  return body['reasoning_split'] === true ? 'reasoning_details' : 'think-tags';
};

const MINIMAX_CHAT = lookAlike({
  vendor: 'minimax',
  prefix: '/minimax',
  bases: ['/v1'],
  caching: { tokensMin: 512, stepTokens: 1, ttl: '5m' },
  models: MINIMAX_MODELS,
  unknownModel: (name) => ({ status: 400, message: `invalid params, unknown model '${name}'` }),
  badKey: () => ({ status: 401 }),
  errorBody,
  badRequest,
  check: () => undefined,
  thinks,
  heeds: { toolChoice: false, limits: ['max_completion_tokens', 'max_tokens'] },
  rendering: {
    callId: ({ id }) => `call_function_${id.toLowerCase()}_1`,
    reasoning: slotOf,
    streamedUsage: 'own-chunk',
    extras: () => ({ service_tier: null }),
  },
});

/** MiniMax's chat wire. */
export const minimaxChat = createChatWire(MINIMAX_CHAT);

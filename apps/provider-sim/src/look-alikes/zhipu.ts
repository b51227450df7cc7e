import { createChatWire } from '../openai-chat/create-chat-wire.js';
import type { ChatModel } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import type { Failure } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { lookAlike, thinkingType } from './look-alike.js';

export const ZHIPU_MODELS: readonly ChatModel[] = ['glm-5.1', 'glm-5', 'glm-5.2', 'glm-5.3', 'glm-4.7'].map((id) => ({
  id,
  contextTokens: 204_800,
  outputTokensMax: 131_072,
}));

/** Codes are numbers in strings, and say more than the HTTP status does. */
const MESSAGES: Readonly<Record<string, string>> = {
  '500': 'Internal network failure, please try again later.',
  '1000': 'Authentication Failed',
  '1001': 'Authentication parameter not received in Header, unable to authenticate',
  '1113': 'Insufficient balance or no resource package. Please recharge.',
  '1210': 'Invalid API parameter, please check the documentation.',
  '1211': 'Unknown Model, please check the model code.',
  '1214': 'The parameter is illegal. Please check.',
  '1234': 'Network error, please contact customer service.',
  '1302': 'Rate limit reached for requests',
  '1305': 'The service may be temporarily overloaded, please try again later',
};

const CODES: Readonly<Record<number, string>> = { 401: '1000', 404: '1211', 429: '1302', 503: '1305' };

const errorBody = (failure: Failure): object => {
  const code = failure.code ?? CODES[failure.status] ?? (failure.status >= 500 ? '500' : '1210');
  const message = failure.reason === 'no-route' ? 'Not Found' : (failure.message ?? MESSAGES[code] ?? 'Unknown error');
  return { error: { code, message } };
};

const badRequest = (message: string): Failure => ({ status: 400, code: '1214', message });
const refuse = (message: string): never => {
  throw new Refusal({ status: 400, code: '1210', message });
};

const LATEST = 'glm-5.3';
const LATEST_EFFORTS = ['low', 'high', 'max'];
const USER_ID_LENGTH_MIN = 6;

const check = (body: Json, { id }: ChatModel): void => {
  const effort = body['reasoning_effort'];
  if (id === LATEST && thinkingType(body) === 'disabled') refuse('glm-5.3 does not support disabling thinking.');
  if (id === LATEST && typeof effort === 'string' && !LATEST_EFFORTS.includes(effort))
    refuse(`reasoning_effort must be one of ${LATEST_EFFORTS.join(', ')}.`);
  const user = body['user_id'];
  if (typeof user === 'string' && user.length < USER_ID_LENGTH_MIN) refuse('user_id must have at least 6 characters.');
};

const ZHIPU_CHAT = lookAlike({
  vendor: 'zhipu',
  prefix: '/zhipu',
  bases: ['/api/paas/v4', '/api/coding/paas/v4'],
  caching: { tokensMin: 512, stepTokens: 64, ttl: '1h' },
  models: ZHIPU_MODELS,
  unknownModel: () => ({ status: 400, code: '1211' }),
  badKey: (key) => ({ status: 401, code: key === undefined ? '1001' : '1000' }),
  errorBody,
  badRequest,
  check,
  thinks: (body) => thinkingType(body) !== 'disabled',
  // Both are accepted and have no effect, which is worse than a refusal.
  heeds: { toolChoice: false, jsonSchema: false, limits: ['max_tokens'] },
  rendering: {
    callId: ({ id }) => `call_${id}`,
    argumentPieces: (body) => (body['tool_stream'] === true ? 'tokens' : 'whole'),
    refusalFinish: 'sensitive',
    extras: (requestId) => ({ request_id: requestId.slice(0, 32) }),
  },
});

/** Zhipu's (Z.ai's) chat wire, plain and under the coding plan's base. */
export const zhipuChat = createChatWire(ZHIPU_CHAT);

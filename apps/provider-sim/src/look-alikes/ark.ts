import { createChatWire } from '../openai-chat/create-chat-wire.js';
import type { ChatModel } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import type { Failure } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { lookAlike, thinkingType } from './look-alike.js';

export const ARK_MODELS: readonly ChatModel[] = [
  'doubao-seed-2-0-pro-260215',
  'doubao-seed-1-8-251228',
  'doubao-seed-1-6-250615',
  'doubao-1-5-pro-32k-250115',
].map((id) => ({ id, contextTokens: 262_144, outputTokensMax: 32_768 }));

const HABITS: Readonly<Record<number, readonly [code: string, type: string, message: string]>> = {
  400: ['InvalidParameter', 'BadRequest', 'A parameter specified in the request is not valid.'],
  401: ['AuthenticationError', 'Unauthorized', "The API key doesn't exist."],
  402: ['AccountOverdueError', 'Forbidden', 'The request failed because your account has an overdue balance.'],
  403: ['AccountOverdueError', 'Forbidden', 'The request failed because your account has an overdue balance.'],
  404: [
    'InvalidEndpointOrModel.NotFound',
    'NotFound',
    'The model or endpoint does not exist or you do not have access to it.',
  ],
  429: [
    'RateLimitExceeded.EndpointRPMExceeded',
    'TooManyRequests',
    'The requests per minute (RPM) limit of the associated endpoint for your account has been exceeded.',
  ],
  503: [
    'ServerOverloaded',
    'TooManyRequests',
    'The service is currently unable to handle additional requests due to server overload.',
  ],
};
const FALLBACK = [
  'InternalServiceError',
  'InternalServerError',
  'The service encountered an unexpected internal error.',
] as const;

const errorBody = (failure: Failure, requestId: string): object => {
  const [code, type, message] = HABITS[failure.status] ?? FALLBACK;
  const said = failure.reason === 'no-route' ? 'The specified API does not exist.' : (failure.message ?? message);
  return {
    error: {
      code: failure.code ?? code,
      message: `${said} Request id: ${requestId.slice(0, 32)}`,
      param: failure.param ?? '',
      type: failure.type ?? type,
    },
  };
};

const badRequest = (message: string): Failure => ({ status: 400, message });

/** An endpoint of the customer's own: `ep-` and when it was made. */
const ENDPOINT = /^ep-[a-z0-9-]+$/;
export const isArkEndpoint = (name: string): boolean => ENDPOINT.test(name);
const SWITCH = ['enabled', 'disabled', 'auto'];

const check = (body: Json): void => {
  const type = thinkingType(body);
  if (type !== undefined && !SWITCH.includes(type))
    throw new Refusal({
      ...badRequest(`The parameter \`thinking.type\` specified in the request is not valid: invalid value ${type}.`),
      param: 'thinking.type',
    });
};

const thinks = (body: Json, { id }: ChatModel): boolean =>
  !id.startsWith('doubao-1-5') && thinkingType(body) !== 'disabled' && body['reasoning_effort'] !== 'minimal';

const ARK_CHAT = lookAlike({
  vendor: 'bytedance',
  prefix: '/ark',
  bases: ['/api/v3', '/api/coding/v3'],
  caching: { tokensMin: 1024, stepTokens: 256, ttl: '1h' },
  models: ARK_MODELS,
  serves: isArkEndpoint,
  unknownModel: (name) => ({
    status: 404,
    message: `The model or endpoint ${name} does not exist or you do not have access to it.`,
  }),
  badKey: (key) => ({
    status: 401,
    message:
      key === undefined
        ? 'The request failed because it does not contain a valid API key or AK/SK.'
        : "The API key doesn't exist.",
  }),
  errorBody,
  badRequest,
  check,
  thinks,
  heeds: { jsonSchema: true },
  rendering: {
    responseId: (material) => `021${material}`,
    callId: ({ id }) => `call_${id}`,
    streamedUsage: 'own-chunk',
    extras: () => ({ service_tier: 'default' }),
  },
});

/** ByteDance's chat wire (Volcengine Ark), plain and under the coding plan's base. */
export const arkChat = createChatWire(ARK_CHAT);

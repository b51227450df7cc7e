import type { Failure, Frame, JsonReply } from '../wire/wire.js';

/** The words a vendor of the OpenAI family has for a status, where the failure itself brings none. */
export interface Wording {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

const SERVER: Wording = {
  type: 'server_error',
  code: null,
  message: 'The server had an error while processing your request. Sorry about that!',
};

const BY_STATUS: Readonly<Record<number, Wording>> = {
  400: { type: 'invalid_request_error', code: null, message: 'Bad request.' },
  401: {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: 'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
  },
  402: {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  },
  403: {
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  404: { type: 'invalid_request_error', code: null, message: 'Not found.' },
  409: { type: 'invalid_request_error', code: 'conflict', message: 'The request conflicts with another one.' },
  413: { type: 'invalid_request_error', code: null, message: 'Maximum content size limit exceeded.' },
  422: { type: 'invalid_request_error', code: null, message: 'Unprocessable entity.' },
  429: {
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached for requests per min. Please try again in 1s.',
  },
  500: SERVER,
  503: { type: 'server_error', code: null, message: 'The engine is currently overloaded, please try again later.' },
  504: { type: 'server_error', code: 'timeout', message: 'The request timed out.' },
};

const NOT_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)";

/** The `error` object of OpenAI's own endpoints. */
export const openaiErrorBody = (failure: Failure): ErrorBody => {
  const wording = BY_STATUS[failure.status] ?? (failure.status < 500 ? BY_STATUS[400] : SERVER) ?? SERVER;
  return {
    message: messageOf(failure, wording),
    type: failure.type ?? wording.type,
    param: failure.param ?? null,
    code: failure.code === undefined ? wording.code : failure.code,
  };
};

const messageOf = (failure: Failure, wording: Wording): string => {
  if (failure.reason === 'malformed-json') return NOT_JSON;
  if (failure.reason === 'no-route') return `Invalid URL (${failure.message ?? ''})`;
  return failure.message ?? wording.message;
};

const RETRIED = [429, 503];

const jsonError = (failure: Failure, requestId: string, body: unknown): JsonReply => ({
  type: 'json',
  status: failure.status,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': `req_${requestId.slice(0, 32)}`,
    ...(RETRIED.includes(failure.status) && failure.reason !== 'injected' && { 'retry-after': '1' }),
    ...failure.headers,
  },
  body: JSON.stringify(body),
});

export const renderOpenaiFailure = (failure: Failure, requestId: string): JsonReply =>
  jsonError(failure, requestId, { error: openaiErrorBody(failure) });

/** There is no standard: the de facto form is one `data:` record with a top-level `error`, and no `[DONE]` after it. */
export const chatStreamFailure = (error: unknown): readonly Frame[] => [
  { part: 'content', text: `data: ${JSON.stringify({ error })}\n\n` },
];

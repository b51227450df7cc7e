import { idFrom } from '../brain/digest.js';
import type { Failure, Frame, JsonReply } from '../wire/wire.js';
import { sse } from './render-message.js';

interface Habit {
  readonly type: string;
  readonly message: string;
}

const HABITS: Readonly<Record<number, Habit>> = {
  400: { type: 'invalid_request_error', message: 'Invalid request' },
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  402: { type: 'billing_error', message: 'Your credit balance is too low to access the Anthropic API.' },
  403: { type: 'permission_error', message: 'Your API key does not have permission to use the specified resource.' },
  404: { type: 'not_found_error', message: 'Not Found' },
  409: { type: 'conflict_error', message: 'The request conflicts with another one.' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: { type: 'rate_limit_error', message: "This request would exceed your organization's rate limit." },
  500: { type: 'api_error', message: 'Internal server error' },
  503: { type: 'api_error', message: 'Service unavailable' },
  504: { type: 'timeout_error', message: 'Request timed out' },
  529: { type: 'overloaded_error', message: 'Overloaded' },
};

const FALLBACK: Habit = { type: 'api_error', message: 'Internal server error' };

const habitFor = (status: number): Habit =>
  HABITS[status] ??
  (status >= 400 && status < 500 ? { type: 'invalid_request_error', message: 'Invalid request' } : FALLBACK);

const errorOf = (failure: Failure): Readonly<Record<string, unknown>> => {
  const habit = habitFor(failure.status);
  const message =
    failure.reason === 'malformed-json'
      ? `The request body is not valid JSON: ${failure.message ?? ''}`
      : failure.reason === 'no-route'
        ? habit.message
        : (failure.message ?? habit.message);
  const code = failure.code ?? (failure.reason === 'bad-encoding' ? 'request_body_encoding_unsupported' : undefined);
  return { type: failure.type ?? habit.type, message, ...(code !== undefined && { details: { error_code: code } }) };
};

export const requestIdOf = (digest: string): string => `req_01${idFrom(digest)}`;

/** Anthropic's error body; the request id is in it and in a header. */
export const renderAnthropicFailure = (failure: Failure, digest: string): JsonReply => {
  const requestId = requestIdOf(digest);
  return {
    type: 'json',
    status: failure.status,
    headers: { 'content-type': 'application/json', 'request-id': requestId, ...failure.headers },
    body: JSON.stringify({ type: 'error', error: errorOf(failure), request_id: requestId }),
  };
};

/** The error event, after which nothing more comes. */
export const renderAnthropicStreamFailure = (failure: Failure, digest: string): readonly Frame[] => [
  sse('content', Object.assign({ type: 'error' }, { error: errorOf(failure), request_id: requestIdOf(digest) })),
];

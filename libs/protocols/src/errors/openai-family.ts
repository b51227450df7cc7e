import { ERROR_KINDS, type ErrorKind } from '@bytespike/kernel';

import { errorCode } from './error-code.js';
import type { CodeTable } from './classify.js';
import { retryHeaders } from './retry-hint.js';
import type { ErrorAnswer, TellableError } from './wire-errors.js';

/** One company's two protocols share their error envelope and its words (contract 0.3, protocols 1.2 and 1.3). */
export const OPENAI_CODES = {
  authentication_error: 'upstream-credential',
  permission_error: 'upstream-credential',
  insufficient_permissions: 'upstream-credential',
  rate_limit_exceeded: 'upstream-rate-limited',
  rate_limit_error: 'upstream-rate-limited',
  rate_limit_reached_error: 'upstream-rate-limited',
  server_error: 'upstream-transient',
  server_overloaded: 'upstream-transient',
  string_above_max_length: 'upstream-refused',
  content_policy_violation: 'upstream-refused',
} as const satisfies CodeTable;

const TYPES = {
  'invalid-request': 'invalid_request_error',
  unsupported: 'invalid_request_error',
  'retired-model': 'invalid_request_error',
  'context-too-long': 'invalid_request_error',
  'previous-response-not-found': 'invalid_request_error',
  unauthenticated: 'authentication_error',
  'insufficient-credit': 'insufficient_quota',
  'quota-exceeded': 'insufficient_quota',
  forbidden: 'permission_error',
  'model-not-in-group': 'permission_error',
  'not-found': 'invalid_request_error',
  'model-not-found': 'invalid_request_error',
  'task-not-found': 'invalid_request_error',
  'method-not-allowed': 'invalid_request_error',
  conflict: 'invalid_request_error',
  gone: 'invalid_request_error',
  'too-large': 'invalid_request_error',
  'tools-not-supported': 'invalid_request_error',
  'upgrade-required': 'invalid_request_error',
  'spend-window': 'rate_limit_error',
  concurrency: 'rate_limit_error',
  'rate-limited': 'rate_limit_error',
  cancelled: 'server_error',
  'upstream-refused': 'invalid_request_error',
  'upstream-blocked': 'invalid_request_error',
  'upstream-credential': 'server_error',
  'upstream-quota': 'server_error',
  'upstream-rate-limited': 'rate_limit_error',
  'upstream-model-gone': 'server_error',
  'upstream-transient': 'server_error',
  'upstream-timeout': 'server_error',
  'upstream-garbled': 'server_error',
  unavailable: 'server_error',
  internal: 'server_error',
} as const satisfies Record<ErrorKind, string>;

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

/** The `error` object of either protocol. */
export const openAiError = ({ kind, publicMessage, details }: TellableError): OpenAiError => ({
  message: publicMessage,
  type: TYPES[kind],
  param: typeof details?.param === 'string' ? details.param : null,
  code: errorCode(kind, details),
});

/** The whole answer of either protocol. The request id travels in its headers: the body has no place for it. */
export const openAiErrorBody = (error: TellableError): ErrorAnswer => ({
  status: ERROR_KINDS[error.kind].status,
  headers: { 'content-type': 'application/json', ...retryHeaders(error.kind, error.retryAfterMs) },
  body: JSON.stringify({ error: openAiError(error) }),
});

import { ERROR_KINDS, type ErrorKind } from '@bytespike/kernel';

import { retryHeaders } from './retry-hint.js';
import type { ErrorAnswer, TellableError } from './wire-errors.js';

/** How each failure is called on the account surface, at the gateway's door and at the console's (contract 0.8). */
const TYPES = {
  'invalid-request': 'invalid_request_error',
  unsupported: 'invalid_request_error',
  'retired-model': 'invalid_request_error',
  'context-too-long': 'invalid_request_error',
  'previous-response-not-found': 'invalid_request_error',
  unauthenticated: 'authentication_error',
  'insufficient-credit': 'billing_error',
  'quota-exceeded': 'billing_error',
  forbidden: 'permission_error',
  'model-not-in-group': 'permission_error',
  'not-found': 'not_found_error',
  'model-not-found': 'not_found_error',
  'task-not-found': 'not_found_error',
  'method-not-allowed': 'invalid_request_error',
  conflict: 'conflict_error',
  gone: 'invalid_request_error',
  'too-large': 'request_too_large',
  'tools-not-supported': 'invalid_request_error',
  'upgrade-required': 'invalid_request_error',
  'spend-window': 'rate_limit_error',
  concurrency: 'rate_limit_error',
  'rate-limited': 'rate_limit_error',
  cancelled: 'invalid_request_error',
  'upstream-refused': 'invalid_request_error',
  'upstream-blocked': 'invalid_request_error',
  'upstream-credential': 'api_error',
  'upstream-quota': 'api_error',
  'upstream-rate-limited': 'rate_limit_error',
  'upstream-model-gone': 'api_error',
  'upstream-transient': 'api_error',
  'upstream-timeout': 'api_error',
  'upstream-garbled': 'api_error',
  unavailable: 'api_error',
  internal: 'api_error',
} as const satisfies Record<ErrorKind, string>;

/** A failure in the envelope of the account surface, which is no protocol and has two doors. */
export const accountErrorAnswer = ({ kind, publicMessage, requestId, retryAfterMs }: TellableError): ErrorAnswer => ({
  status: ERROR_KINDS[kind].status,
  headers: { 'content-type': 'application/json', ...retryHeaders(kind, retryAfterMs) },
  body: JSON.stringify({ error: { type: TYPES[kind], message: publicMessage, request_id: requestId } }),
});

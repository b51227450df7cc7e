import { ERROR_KINDS, type ErrorKind } from '@bytespike/kernel';

import { classifyBy, type CodeTable } from '../errors/classify.js';
import { errorCode } from '../errors/error-code.js';
import { retryHeaders } from '../errors/retry-hint.js';
import type { TellableError, WireErrors } from '../errors/wire-errors.js';

/** The vendor's words (protocols 1.1, Errors). `invalid_request_error` is left to the status and the message. */
export const ANTHROPIC_CODES = {
  authentication_error: 'upstream-credential',
  permission_error: 'upstream-credential',
  billing_error: 'upstream-quota',
  // Limits that the account's owner has set: the vendor says them with a 400.
  contract_spend_limit_reached: 'upstream-quota',
  enforced_spend_limit_reached: 'upstream-quota',
  ramp_limit_exceeded: 'upstream-rate-limited',
  not_found_error: 'upstream-model-gone',
  request_too_large: 'too-large',
  rate_limit_error: 'upstream-rate-limited',
  api_error: 'upstream-transient',
  overloaded_error: 'upstream-transient',
  timeout_error: 'upstream-timeout',
} as const satisfies CodeTable;

/** How each failure is called on this wire (contract 0.3, the Anthropic column). */
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
  gone: 'not_found_error',
  'too-large': 'request_too_large',
  'tools-not-supported': 'invalid_request_error',
  'upgrade-required': 'invalid_request_error',
  'spend-window': 'rate_limit_error',
  concurrency: 'rate_limit_error',
  'rate-limited': 'rate_limit_error',
  cancelled: 'api_error',
  'upstream-refused': 'invalid_request_error',
  'upstream-blocked': 'invalid_request_error',
  'upstream-credential': 'api_error',
  'upstream-quota': 'api_error',
  'upstream-rate-limited': 'rate_limit_error',
  'upstream-model-gone': 'api_error',
  'upstream-transient': 'api_error',
  'upstream-timeout': 'timeout_error',
  'upstream-garbled': 'api_error',
  unavailable: 'overloaded_error',
  internal: 'api_error',
} as const satisfies Record<ErrorKind, string>;

/** What this vendor answers when it has no capacity, and what its clients retry. */
const OVERLOADED_STATUS = 529;

const statusOf = (kind: ErrorKind): number => (kind === 'unavailable' ? OVERLOADED_STATUS : ERROR_KINDS[kind].status);

const body = ({ kind, publicMessage, requestId, details }: TellableError): string =>
  JSON.stringify({
    type: 'error',
    error: { type: TYPES[kind], message: publicMessage, details: { error_code: errorCode(kind, details) } },
    request_id: requestId,
  });

const encoder = new TextEncoder();

export const anthropicErrors: WireErrors = {
  classify: (answer, vendorCodes = {}) => classifyBy(ANTHROPIC_CODES, answer, vendorCodes),
  errorBody: (error) => ({
    status: statusOf(error.kind),
    headers: { 'content-type': 'application/json', ...retryHeaders(error.kind, error.retryAfterMs) },
    body: body(error),
  }),
  // No `message_delta` and no `message_stop` follow: a broken answer must not look finished (protocols 2.14).
  streamError: (error) => encoder.encode(`event: error\ndata: ${body(error)}\n\n`),
  keepAlive: encoder.encode('event: ping\ndata: {"type": "ping"}\n\n'),
};

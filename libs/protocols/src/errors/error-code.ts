import type { ErrorKind } from '@bytespike/kernel';

/**
 * The stable machine word of each failure (contract 0.3, the `code` column). A code that begins with `upstream_`,
 * and the few that only a vendor can cause, tell its refusals from ours (architecture, section 11).
 */
const ERROR_CODES = {
  'invalid-request': 'invalid_param',
  unsupported: 'unsupported_capability',
  'retired-model': 'unsupported_model',
  'context-too-long': 'context_length_exceeded',
  'previous-response-not-found': 'previous_response_not_found',
  unauthenticated: 'invalid_api_key',
  'insufficient-credit': 'insufficient_balance',
  'quota-exceeded': 'quota_exceeded',
  forbidden: 'permission_denied',
  'model-not-in-group': 'model_not_in_group',
  'not-found': 'not_found',
  'model-not-found': 'model_not_found',
  'task-not-found': 'task_not_found',
  'method-not-allowed': 'method_not_allowed',
  conflict: 'idempotency_conflict',
  gone: 'gone',
  'too-large': 'request_too_large',
  'tools-not-supported': 'tool_use_not_supported',
  'upgrade-required': 'upgrade_required',
  'spend-window': 'spend_limit_exceeded',
  concurrency: 'concurrency_limit',
  'rate-limited': 'rate_limited',
  cancelled: 'cancelled',
  'upstream-refused': 'upstream_refused',
  'upstream-blocked': 'content_policy_violation',
  'upstream-credential': 'upstream_error',
  'upstream-quota': 'upstream_error',
  'upstream-rate-limited': 'upstream_rate_limited',
  'upstream-model-gone': 'upstream_error',
  'upstream-transient': 'upstream_error',
  'upstream-timeout': 'upstream_timeout',
  'upstream-garbled': 'upstream_error',
  unavailable: 'unavailable',
  internal: 'internal_error',
} as const satisfies Record<ErrorKind, string>;

/** The code to print: the failure's own, where its thrower named a finer one. */
export const errorCode = (kind: ErrorKind, details: { readonly code?: unknown } | undefined): string =>
  typeof details?.code === 'string' ? details.code : ERROR_CODES[kind];

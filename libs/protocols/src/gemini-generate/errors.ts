import { ERROR_KINDS, type ErrorKind, type JsonObject } from '@bytespike/kernel';

import { classifyBy, type CodeTable } from '../errors/classify.js';
import { errorCode } from '../errors/error-code.js';
import { readVendorErrorBytes } from '../errors/read-vendor-error.js';
import { retryAfterSeconds, retryHeaders } from '../errors/retry-hint.js';
import type { TellableError, VendorAnswer, VendorFailure, WireErrors } from '../errors/wire-errors.js';

/** The vendor's words (protocols 1.4, Errors). `INVALID_ARGUMENT` is left to the status and the message. */
export const GEMINI_CODES = {
  API_KEY_INVALID: 'upstream-credential',
  API_KEY_EXPIRED: 'upstream-credential',
  API_KEY_SERVICE_BLOCKED: 'upstream-credential',
  BILLING_DISABLED: 'upstream-quota',
  UNAUTHENTICATED: 'upstream-credential',
  PERMISSION_DENIED: 'upstream-credential',
  NOT_FOUND: 'upstream-model-gone',
  RESOURCE_EXHAUSTED: 'upstream-rate-limited',
  INTERNAL: 'upstream-transient',
  UNKNOWN: 'upstream-transient',
  ABORTED: 'upstream-transient',
  UNAVAILABLE: 'upstream-transient',
  CANCELLED: 'upstream-transient',
  DEADLINE_EXCEEDED: 'upstream-timeout',
} as const satisfies CodeTable;

/** How each failure is called on this wire (contract 0.3, the Gemini column). */
const STATUSES = {
  'invalid-request': 'INVALID_ARGUMENT',
  unsupported: 'INVALID_ARGUMENT',
  'retired-model': 'INVALID_ARGUMENT',
  'context-too-long': 'INVALID_ARGUMENT',
  'previous-response-not-found': 'INVALID_ARGUMENT',
  unauthenticated: 'UNAUTHENTICATED',
  'insufficient-credit': 'RESOURCE_EXHAUSTED',
  'quota-exceeded': 'RESOURCE_EXHAUSTED',
  forbidden: 'PERMISSION_DENIED',
  'model-not-in-group': 'PERMISSION_DENIED',
  'not-found': 'NOT_FOUND',
  'model-not-found': 'NOT_FOUND',
  'task-not-found': 'NOT_FOUND',
  'method-not-allowed': 'INVALID_ARGUMENT',
  conflict: 'ABORTED',
  gone: 'NOT_FOUND',
  'too-large': 'INVALID_ARGUMENT',
  'tools-not-supported': 'FAILED_PRECONDITION',
  'upgrade-required': 'INVALID_ARGUMENT',
  'spend-window': 'RESOURCE_EXHAUSTED',
  concurrency: 'RESOURCE_EXHAUSTED',
  'rate-limited': 'RESOURCE_EXHAUSTED',
  cancelled: 'CANCELLED',
  'upstream-refused': 'INVALID_ARGUMENT',
  'upstream-blocked': 'FAILED_PRECONDITION',
  'upstream-credential': 'UNAVAILABLE',
  'upstream-quota': 'UNAVAILABLE',
  'upstream-rate-limited': 'RESOURCE_EXHAUSTED',
  'upstream-model-gone': 'UNAVAILABLE',
  'upstream-transient': 'UNAVAILABLE',
  'upstream-timeout': 'DEADLINE_EXCEEDED',
  'upstream-garbled': 'UNAVAILABLE',
  unavailable: 'UNAVAILABLE',
  internal: 'INTERNAL',
} as const satisfies Record<ErrorKind, string>;

const RPC = 'type.googleapis.com/google.rpc';

function body(error: TellableError): string {
  const { kind, publicMessage, requestId, retryAfterMs, details } = error;
  // This wire's clients read the wait here and not in the header (clients 0.13).
  const seconds = retryAfterSeconds(kind, retryAfterMs);
  const retry = seconds === undefined ? [] : [{ '@type': `${RPC}.RetryInfo`, retryDelay: `${seconds}s` }];
  const reason = errorCode(kind, details).toUpperCase();
  const domain = ERROR_KINDS[kind].fault === 'upstream' ? 'upstream' : 'gateway';
  return JSON.stringify({
    error: {
      code: ERROR_KINDS[kind].status,
      message: publicMessage,
      status: STATUSES[kind],
      details: [
        { '@type': `${RPC}.ErrorInfo`, reason, domain },
        { '@type': `${RPC}.RequestInfo`, requestId },
        ...retry,
      ],
    },
  });
}

function classify(answer: VendorAnswer, vendorCodes: CodeTable = {}): VendorFailure {
  const failure = classifyBy(GEMINI_CODES, answer, vendorCodes);
  const details = readVendorErrorBytes(answer.body)?.details ?? [];
  return { ...failure, retryAfterMs: failure.retryAfterMs ?? retryDelayMs(details) };
}

function retryDelayMs(details: readonly JsonObject[]): number | undefined {
  const delay = details.find((detail) => detail['@type'] === `${RPC}.RetryInfo`)?.retryDelay;
  const seconds = typeof delay === 'string' && delay.endsWith('s') ? Number(delay.slice(0, -1)) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1_000) : undefined;
}

const encoder = new TextEncoder();

export const geminiErrors: WireErrors = {
  classify,
  errorBody: (error) => ({
    status: ERROR_KINDS[error.kind].status,
    headers: { 'content-type': 'application/json', ...retryHeaders(error.kind, error.retryAfterMs) },
    body: body(error),
  }),
  streamError: (error) => encoder.encode(`data: ${body(error)}\n\n`),
  // A comment line breaks this wire's clients (clients 0.11), so silence it is.
  keepAlive: undefined,
};

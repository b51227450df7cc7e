import type { ErrorKind, JsonValue } from '@bytespike/kernel';

import { lookUp } from '../look-up.js';
import { readVendorError, readVendorErrorBytes, type VendorErrorFields } from './read-vendor-error.js';
import { readRetryAfter } from './retry-hint.js';
import type { VendorAnswer, VendorFailure } from './wire-errors.js';

export type CodeTable = Readonly<Record<string, ErrorKind>>;

/**
 * Words that mean the same on whichever wire they come: look-alike vendors keep the words of the protocol they grew up
 * with when they speak another (DeepSeek does on the Anthropic wire). Words of one vendor alone are in the vendor table.
 */
const SHARED_CODES = {
  insufficient_quota: 'upstream-quota',
  insufficient_balance: 'upstream-quota',
  exceeded_current_quota_error: 'upstream-quota',
  invalid_api_key: 'upstream-credential',
  invalid_authentication_error: 'upstream-credential',
  authentication_error: 'upstream-credential',
  model_not_found: 'upstream-model-gone',
  context_length_exceeded: 'context-too-long',
  rate_limit_exceeded: 'upstream-rate-limited',
  server_error: 'upstream-transient',
} as const satisfies CodeTable;

/** Meaning of a status nobody explained. */
const STATUS_KINDS: Readonly<Record<number, ErrorKind>> = {
  401: 'upstream-credential',
  402: 'upstream-quota',
  403: 'upstream-credential',
  404: 'upstream-model-gone',
  405: 'upstream-model-gone',
  407: 'upstream-credential',
  408: 'upstream-timeout',
  409: 'upstream-transient',
  413: 'too-large',
  425: 'upstream-transient',
  429: 'upstream-rate-limited',
  451: 'upstream-blocked',
  504: 'upstream-timeout',
};

/** Redirects are not followed and 2xx reach here only when their body is an error nobody explained. */
function kindOfStatus(status: number): ErrorKind {
  const known = STATUS_KINDS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'upstream-transient';
  return status >= 400 ? 'upstream-refused' : 'upstream-garbled';
}

/**
 * Some facts are told in words alone; matched only where no code says more than the status. Those about our account are
 * matched at the beginning: further in, a message may quote the request, and a caller must not speak for our account.
 */
const VAGUE: ReadonlySet<ErrorKind> = new Set([
  'upstream-transient',
  'upstream-refused',
  'upstream-rate-limited',
  'upstream-garbled',
]);
const MESSAGE_KINDS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^(?:your )?(?:credit balance is too low|insufficient (?:account )?balance|no balance)/i, 'upstream-quota'],
  [/^(?:api key (?:not valid|expired)|invalid api key)/i, 'upstream-credential'],
  [
    /prompt is too long|maximum context length|context[ _]window|exceeds the maximum number of tokens/i,
    'context-too-long',
  ],
];

/**
 * What only a caller can have named, said to be missing by the words, or the bare status, that are also a missing model's or a
 * refused credential's. Matched at the beginning as well: a caller must not make a fault of ours look like one of its own.
 */
const PERHAPS_MISSING: ReadonlySet<ErrorKind> = new Set(['upstream-model-gone', 'upstream-credential']);
const MISSING_OF_CALLER =
  /^(?:the |no such |you do not have permission to access the )?(?:cached ?content|vector[ _]stores?|files?|containers?|conversation|thread|item|prompt|skill)\b/i;
const MISSING = /^no such |not found|not exist/i;

const isMissingOfCaller = (message: string): boolean => MISSING_OF_CALLER.test(message) && MISSING.test(message);

const kindOfMessage = (message: string): ErrorKind | undefined =>
  MESSAGE_KINDS.find(([pattern]) => pattern.test(message))?.[1];

/** The kind of an error object that came with `status`: its own words first, most telling first, the status second. */
function kindOf(tables: readonly CodeTable[], error: VendorErrorFields | undefined, status: number): ErrorKind {
  const known = error?.codes.flatMap((code) => tables.map((table) => lookUp(table, code))).find((kind) => kind);
  const kind = known ?? kindOfStatus(status);
  if (PERHAPS_MISSING.has(kind) && isMissingOfCaller(error?.message ?? '')) return 'upstream-refused';
  return (VAGUE.has(kind) ? kindOfMessage(error?.message ?? '') : undefined) ?? kind;
}

/** Classifies an answer by the vendor's codes, the protocol's, those all share, the message and the status. */
export function classifyBy(own: CodeTable, answer: VendorAnswer, vendorCodes: CodeTable): VendorFailure {
  const error = readVendorErrorBytes(answer.body);
  return {
    kind: kindOf([vendorCodes, own, SHARED_CODES], error, answer.status),
    message: error?.message || `the vendor answered ${answer.status}`,
    retryAfterMs: readRetryAfter(answer.headers, answer.receivedAt),
  };
}

const HTTP_STATUS = /^[45]\d\d$/;

/** The failure told by a body or a record that came with a 200; undefined when it tells none. */
export function failureIn(
  body: JsonValue | undefined,
  own: CodeTable,
  vendorCodes: CodeTable,
): VendorFailure | undefined {
  const error = readVendorError(body);
  if (error === undefined) return undefined;
  const status = Number(error.codes.find((code) => HTTP_STATUS.test(code)) ?? 500);
  const kind = kindOf([vendorCodes, own, SHARED_CODES], error, status);
  return { kind, message: error.message || 'the vendor sent an error with status 200' };
}

import type { ErrorKind } from '@bytespike/kernel';

import { readVendorErrorBytes, type VendorErrorFields } from './read-vendor-error.js';
import { readRetryAfter } from './retry-hint.js';
import type { VendorAnswer, VendorFailure } from './wire-errors.js';

export type CodeTable = Readonly<Record<string, ErrorKind>>;

/**
 * Words that mean the same on whichever wire they come: look-alike vendors keep their own codes when they speak
 * another's protocol (DeepSeek and Zhipu do on the Anthropic wire), and some say "no money" with a 429.
 */
const SHARED_CODES = {
  insufficient_quota: 'upstream-quota',
  insufficient_balance: 'upstream-quota',
  exceeded_current_quota_error: 'upstream-quota',
  billing_hard_limit_reached: 'upstream-quota',
  billing_not_active: 'upstream-quota',
  access_terminated: 'upstream-credential',
  AccountOverdueError: 'upstream-quota',
  invalid_api_key: 'upstream-credential',
  invalid_authentication_error: 'upstream-credential',
  incorrect_api_key_error: 'upstream-credential',
  model_not_found: 'upstream-model-gone',
  resource_not_found_error: 'upstream-model-gone',
  context_length_exceeded: 'context-too-long',
  engine_overloaded_error: 'upstream-transient',
  // Zhipu: 1113 no balance, 1301 unsafe content, 1302 and 1303 rates, 1305 overloaded, 1000 to 1004 credentials.
  '1000': 'upstream-credential',
  '1001': 'upstream-credential',
  '1002': 'upstream-credential',
  '1003': 'upstream-credential',
  // MiniMax reuses 1004 for the same thing: a credential that is not accepted.
  '1004': 'upstream-credential',
  '1113': 'upstream-quota',
  '1211': 'upstream-model-gone',
  '1261': 'context-too-long',
  '1302': 'upstream-rate-limited',
  '1303': 'upstream-rate-limited',
  '1305': 'upstream-transient',
  // MiniMax: 1008 no balance, 1013 a fault of its own, 1039 too many tokens a minute, 2049 a key it does not know.
  '1008': 'upstream-quota',
  '1013': 'upstream-transient',
  '1039': 'upstream-rate-limited',
  '2049': 'upstream-credential',
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
export function kindOfStatus(status: number): ErrorKind {
  const known = STATUS_KINDS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'upstream-transient';
  return status >= 400 ? 'upstream-refused' : 'upstream-garbled';
}

/** Some facts are told in words alone; matched only where the code says no more than "bad request". */
const VAGUE: ReadonlySet<ErrorKind> = new Set(['upstream-refused', 'upstream-rate-limited', 'upstream-garbled']);
const MESSAGE_KINDS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/credit balance is too low|insufficient (?:account )?balance|no balance/i, 'upstream-quota'],
  [/api key (?:not valid|expired)|invalid api key/i, 'upstream-credential'],
  [
    /prompt is too long|maximum context length|context[ _]window|exceeds the maximum number of tokens/i,
    'context-too-long',
  ],
];

const kindOfMessage = (message: string): ErrorKind | undefined =>
  MESSAGE_KINDS.find(([pattern]) => pattern.test(message))?.[1];

/** The kind of an error object that came with `status`: its own words first, the status second. */
export function kindOfError(own: CodeTable, error: VendorErrorFields | undefined, status: number): ErrorKind {
  const known = error?.codes.map((code) => lookUp(own, code) ?? lookUp(SHARED_CODES, code)).find((kind) => kind);
  const kind = known ?? kindOfStatus(status);
  return (VAGUE.has(kind) ? kindOfMessage(error?.message ?? '') : undefined) ?? kind;
}

const lookUp = (table: CodeTable, code: string): ErrorKind | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

/** Classifies an answer by a protocol's own table, the table all wires share, and the status. */
export function classifyBy(own: CodeTable, answer: VendorAnswer): VendorFailure {
  const error = readVendorErrorBytes(answer.body);
  return {
    kind: kindOfError(own, error, answer.status),
    message: error?.message || `the vendor answered ${answer.status}`,
    retryAfterMs: readRetryAfter(answer.headers, answer.receivedAt),
  };
}

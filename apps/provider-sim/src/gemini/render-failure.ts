import type { Failure, Frame, JsonReply } from '../wire/wire.js';
import { statusWord } from './refuse.js';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Request contains an invalid argument.',
  401: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  403: 'The caller does not have permission',
  404: 'Requested entity was not found.',
  413: 'Request payload size exceeds the limit: 20971520 bytes.',
  429: 'You exceeded your current quota, please check your plan and billing details.',
  500: 'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  503: 'The model is overloaded. Please try again later.',
  504: 'The request timed out. Please try again.',
};

const TYPE_URL = 'type.googleapis.com/google.rpc.';
const NO_KEY_REASON = 'API_KEY_INVALID';

/** The `error` object of every Google failure. */
const googleErrorBody = (failure: Failure): object => {
  const message = messageOf(failure);
  const details = detailsOf(failure, message);
  return {
    code: failure.status,
    message,
    status: failure.type ?? statusWord(failure.status),
    ...(details.length > 0 && { details }),
  };
};

const messageOf = ({ status, reason, message }: Failure): string => {
  if (reason === 'malformed-json') return `Invalid JSON payload received. ${message ?? 'Unexpected token.'}`;
  if (reason === 'no-route') return `The requested URL ${message ?? ''} was not found on this server.`;
  if (reason === 'too-large') return MESSAGES[413] ?? '';
  return (
    message ??
    MESSAGES[status] ??
    (status >= 500 ? 'The service is currently unavailable.' : 'Request contains an invalid argument.')
  );
};

const detailsOf = (failure: Failure, message: string): readonly object[] => {
  if (failure.code === NO_KEY_REASON)
    return [
      {
        '@type': `${TYPE_URL}ErrorInfo`,
        reason: NO_KEY_REASON,
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
      { '@type': `${TYPE_URL}LocalizedMessage`, locale: 'en-US', message },
    ];
  if (failure.status === 429) return quotaDetails(failure);
  const violations = message.split('\n').filter((line) => /^Invalid (JSON payload|value)/.test(line));
  if (failure.status !== 400 || violations.length === 0) return [];
  const fieldViolations = violations.map((description) => {
    const field = /(?:"[^"]*" )?at '([^']+)'/.exec(description)?.[1];
    return { ...(field !== undefined && { field }), description };
  });
  return [{ '@type': `${TYPE_URL}BadRequest`, fieldViolations }];
};

/** `insufficient_quota` is money or a daily limit, which no delay mends: then Google sends no RetryInfo. */
const quotaDetails = (failure: Failure): readonly object[] => {
  const isSpent = failure.code === 'insufficient_quota';
  const quotaId = `GenerateRequestsPer${isSpent ? 'Day' : 'Minute'}PerProjectPerModel`;
  const violation = { quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId };
  const quota = { '@type': `${TYPE_URL}QuotaFailure`, violations: [violation] };
  if (isSpent) return [quota];
  const seconds = Number(failure.headers?.['retry-after'] ?? 1);
  return [quota, { '@type': `${TYPE_URL}RetryInfo`, retryDelay: `${Number.isFinite(seconds) ? seconds : 1}s` }];
};

export const renderGoogleFailure = (failure: Failure): JsonReply => ({
  type: 'json',
  status: failure.status,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...failure.headers },
  body: `${JSON.stringify({ error: googleErrorBody(failure) }, null, 2)}\n`,
});

/** What other vendors call 529. */
const OVERLOADED = 503;

/** In a stream the error is one more record: of the event stream, or of the JSON array, which it then closes. */
export const googleStreamFailure = (failure: Failure, _requestId: string, sent: readonly Frame[]): readonly Frame[] => {
  const own = failure.status === 529 ? { ...failure, status: OVERLOADED } : failure;
  const text = JSON.stringify({ error: googleErrorBody(own) });
  if (!sent[0]?.text.startsWith('[')) return [{ part: 'content', text: `data: ${text}\r\n\r\n` }];
  return [{ part: 'content', text: `,\r\n${text}\r\n]` }];
};

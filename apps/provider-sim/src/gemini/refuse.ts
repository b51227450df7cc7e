import type { Failure } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';

/** Google's canonical statuses, by the HTTP status they travel under. */
const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** The status word for any HTTP status: what the table does not name is the nearest in kind. */
export const statusWord = (status: number): string =>
  STATUS[status] ?? (status >= 500 ? 'UNAVAILABLE' : status >= 400 ? 'INVALID_ARGUMENT' : 'UNKNOWN');

/** Refuses a request as Google does; without a status it is an invalid argument. */
export const refuse = (message: string, status = 400): never => {
  throw new Refusal(googleFailure(message, status));
};

const googleFailure = (message: string, status: number): Failure => ({
  status,
  type: statusWord(status),
  message,
});

import type { CallContext } from '@bytespike/contracts';
import { ulid } from 'ulid';

const CALL_LIMIT_MS = 5_000;

/** For a call to another service on behalf of an operator or a payment: an id of its own, and five seconds. */
export const callContext = (): CallContext => ({
  requestId: ulid(),
  deadline: Date.now() + CALL_LIMIT_MS,
  signal: AbortSignal.timeout(CALL_LIMIT_MS),
});

import type { Failure } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';

/** What OpenAI says about a bad request besides its message. */
export interface Complaint {
  readonly param?: string | null;
  readonly code?: string | null;
  readonly status?: number;
}

/** Refuses a request in the shape that the OpenAI family uses for the caller's own mistakes. */
export const refuse = (message: string, { param = null, code = null, status = 400 }: Complaint = {}): never => {
  throw new Refusal(badRequest(message, { param, code, status }));
};

const badRequest = (message: string, { param = null, code = null, status = 400 }: Complaint = {}): Failure => ({
  status,
  type: 'invalid_request_error',
  message,
  param,
  code,
});

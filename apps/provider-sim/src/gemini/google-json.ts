import type { JsonReply } from '../wire/wire.js';

/** An answer as Google prints it. */
export const googleJson = (body: object, more: Partial<JsonReply> = {}): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { 'content-type': 'application/json; charset=UTF-8' },
  body: `${JSON.stringify(body, null, 2)}\n`,
  ...more,
});

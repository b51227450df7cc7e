import { bearerOf, isAcceptedKey } from '../wire/answer-call.js';
import type { Authentication, Credentials } from '../wire/wire.js';

const NO_KEY =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.";

/** OpenAI shows a key by its first eight and last four characters. */
const masked = (key: string): string =>
  key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;

export const authenticateOpenai = (credentials: Credentials): Authentication => {
  const key = bearerOf(credentials);
  if (isAcceptedKey(key)) return { key };
  const message =
    key === undefined
      ? NO_KEY
      : `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`;
  return {
    failure: {
      status: 401,
      type: 'invalid_request_error',
      message,
      param: null,
      code: key === undefined ? null : 'invalid_api_key',
    },
  };
};

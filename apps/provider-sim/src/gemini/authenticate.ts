import { bearerOf, isAcceptedKey } from '../wire/answer-call.js';
import type { Authentication, Credentials } from '../wire/wire.js';

const UNREGISTERED =
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";

/** A key in the header or the query, or a bearer token. A bad key is a bad argument here, not a 401. */
export const authenticateGemini = (credentials: Credentials): Authentication => {
  const header = credentials.headers['x-goog-api-key'];
  const apiKey = (typeof header === 'string' ? header : undefined) ?? credentials.query.get('key') ?? undefined;
  const bearer = bearerOf(credentials);
  const key = apiKey ?? bearer;
  if (isAcceptedKey(key)) return { key };
  if (key === undefined || key === '')
    return { failure: { status: 403, type: 'PERMISSION_DENIED', message: UNREGISTERED } };
  if (apiKey === undefined) return { failure: { status: 401, type: 'UNAUTHENTICATED' } };
  const message = 'API key not valid. Please pass a valid API key.';
  return { failure: { status: 400, type: 'INVALID_ARGUMENT', code: 'API_KEY_INVALID', message } };
};

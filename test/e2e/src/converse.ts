import type { ClientRequest } from './client-requests.js';
import { gateway } from './platform.js';

/** Sends what a client sends, asserting 200 and a stream, and answers all that came. */
export async function converse(
  { path, headers, body }: ClientRequest,
  carrier: Record<string, string>,
): Promise<string> {
  const response = await fetch(`${gateway}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers, ...carrier },
    body: JSON.stringify(body),
  });
  const raw = await response.text();
  expect({ status: response.status, ...(response.ok ? {} : { raw }) }).toEqual({ status: 200 });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  return raw;
}

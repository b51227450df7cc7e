import type { StreamHead } from '@bytespike/contracts';

/** Where vendors put the id their support asks for. */
const REQUEST_ID_HEADERS = ['request-id', 'x-request-id', 'x-goog-request-id', 'x-ds-trace-id', 'x-log-id'];

export interface VendorHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const ID_CHARACTERS_MAX = 200;

/**
 * What of a vendor's head the client sees: its id for the request, under a name that cannot be taken for ours. Its rate
 * limits and account names describe our account and not the caller's, and its timings are no business of theirs.
 */
export function responseHead(head: VendorHead, form: 'events' | 'json', servedBy: string): StreamHead {
  const idHeader = REQUEST_ID_HEADERS.find((name) => head.headers[name] !== undefined);
  const id = idHeader && head.headers[idHeader];
  const named = head.headers['content-type'] ?? '';
  const isEvents = named.startsWith('text/event-stream');
  return {
    status: head.status,
    contentType:
      form === 'events'
        ? isEvents
          ? named
          : 'text/event-stream'
        : named.includes('json')
          ? named
          : 'application/json',
    headers: id === undefined ? {} : { 'x-upstream-request-id': id.slice(0, ID_CHARACTERS_MAX) },
    servedBy,
    warnings: [],
  };
}

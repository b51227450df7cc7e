import type { StreamHead } from '@bytespike/contracts';

/** Where vendors put the id their support asks for. */
const REQUEST_ID_HEADERS = ['request-id', 'x-request-id', 'x-goog-request-id', 'x-ds-trace-id', 'x-log-id'];

export interface VendorHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const ID_CHARACTERS_MAX = 200;

const CONTENT_TYPES = { events: 'text/event-stream', json: 'application/json' } as const;

export type AnswerForm = keyof typeof CONTENT_TYPES;

const PARAMETERS = /^(?: *;[ -~]{1,100})?$/;

/** What an answer is, in the vendor's spelling where it says so: nothing that a browser would show as a page. */
export function contentTypeOf({ headers }: Pick<VendorHead, 'headers'>, form: AnswerForm): string {
  const type = CONTENT_TYPES[form];
  const named = headers['content-type'] ?? '';
  return named.startsWith(type) && PARAMETERS.test(named.slice(type.length)) ? named : type;
}

/**
 * What of a vendor's head the client sees: its id for the request, under a name that cannot be taken for ours. Its rate
 * limits and account names describe our account and not the caller's, and its timings are no business of theirs.
 */
export function responseHead(head: VendorHead, form: AnswerForm, servedBy: string): StreamHead {
  const idHeader = REQUEST_ID_HEADERS.find((name) => head.headers[name] !== undefined);
  const id = idHeader && head.headers[idHeader];
  return {
    status: head.status,
    contentType: contentTypeOf(head, form),
    headers: id === undefined ? {} : { 'x-upstream-request-id': id.slice(0, ID_CHARACTERS_MAX) },
    servedBy,
    warnings: [],
  };
}

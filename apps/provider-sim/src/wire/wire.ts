// How a wire plugs in.
//
// A wire is one vendor's API in one protocol, as a value: its path prefix, how it authenticates, how it words a
// failure, and its routes. A route's `handle` is a function of the call: it validates as the vendor does (throwing a
// `Refusal`), translates the body into a `Conversation`, lets `compose` (brain/compose.ts) decide the `Answer`, and
// renders it. It renders the WHOLE answer at once: a JSON body, or the list of stream frames. Nothing here is
// asynchronous, so the plumbing alone owns time, sockets, recording and faults: it delays, cuts, garbles or
// drops the finished frames, guided by each frame's `part`.
//
// To add one: write `export const x: Wire = {...}` in a folder of its own and list it in `src/vendors.ts`.
import type { IncomingHttpHeaders } from 'node:http';
import type { Memory } from './memory.js';

export interface Wire {
  /** The account a key and its caches belong to (`deepseek` for both of DeepSeek's wires). */
  readonly vendor: string;
  /** Where it lives below the simulator's address, without a trailing slash; the longest match wins. */
  readonly prefix: string;
  readonly bodyBytesMax: number;
  readonly authenticate: (credentials: Credentials) => Authentication;
  /** The vendor's answer for a failure; whatever the failure leaves open, the vendor's habit for that status fills in. */
  readonly renderFailure: (failure: Failure, requestId: string) => JsonReply;
  /** How the vendor reports a failure inside a stream that has already begun; `sent` is what went out before it. */
  readonly renderStreamFailure: (failure: Failure, requestId: string, sent: readonly Frame[]) => readonly Frame[];
  readonly routes: readonly Route[];
}

export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

export type Authentication = { readonly key: string } | { readonly failure: Failure };

/** `{name}` in a path stands for any run of characters without a slash (`/v1beta/models/{model}:generateContent`). */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly handle: (call: Call) => Reply;
}

export interface Call {
  readonly vendor: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body after content decoding. */
  readonly raw: Buffer;
  /** Parses `raw`; a body that is not JSON becomes the vendor's own 400. */
  readonly json: () => unknown;
  /** The accepted key, for scoping caches. */
  readonly key: string;
  /** Hex, from the call's own bytes: the same call has the same one. */
  readonly digest: string;
  readonly nowMs: number;
  readonly memory: Memory;
}

export interface Failure {
  readonly status: number;
  /** Set by the plumbing, so that a wire can word it as its vendor does. */
  readonly reason?: 'malformed-json' | 'no-route' | 'too-large' | 'bad-encoding' | 'injected';
  /** The vendor's word for it: `error.type` or `error.status`. */
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a wire to answer with {@link Wire.renderFailure}. */
export class Refusal extends Error {
  constructor(
    readonly failure: Failure,
    readonly subject?: Subject,
  ) {
    super(failure.message ?? `status ${failure.status}`);
  }
}

/** What injected faults are looked up by: the model as the caller wrote it, and the text of the last user message. */
export interface Subject {
  readonly model: string;
  readonly prompt: string;
}

export type Reply = JsonReply | StreamReply;

export interface JsonReply {
  readonly type: 'json';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly subject?: Subject;
}

export interface StreamReply {
  readonly type: 'stream';
  readonly status: number;
  /** Content type included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: readonly Frame[];
  readonly subject?: Subject;
}

/**
 * One record of a stream, framing and blank line included.
 * `opening` comes before any content, `content` is what a client waits for, `usage` carries the final counts,
 * `terminator` is what a client takes for a proper end, `keep-alive` means nothing.
 */
export interface Frame {
  readonly part: 'opening' | 'content' | 'usage' | 'terminator' | 'keep-alive';
  readonly text: string;
}

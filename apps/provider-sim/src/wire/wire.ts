// How a wire plugs in.
//
// A wire is one vendor's API in one protocol, as a value: its path prefix, how it authenticates, how it words a
// failure, and its routes. A route's `handle` is a function of the call: it validates as the vendor does (throwing a
// `Refusal`), translates the body into a `Conversation`, lets `compose` (brain/compose.ts) decide the `Answer`, and
// renders it. It renders the WHOLE answer at once: a JSON body, or the list of stream frames. Nothing here is
// asynchronous, so the plumbing alone owns time, sockets, recording and faults: it delays, cuts, garbles or
// drops the finished frames, guided by each frame's `part`. What a vendor begins when it takes a call (a film) is the
// answer's `accept`, which the plumbing runs unless a fault strikes the call before that; a file is made while it is
// written, because it may be larger than memory.
//
// To add one: write `export const x: Wire = {...}` in a folder of its own and list it in `src/vendors.ts`.
import type { IncomingHttpHeaders } from 'node:http';
import type { Memory } from './memory.js';
import type { Step, Subject } from './subject.js';

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
  /** Which of a render's calls this is, for faults that mean only that one. */
  readonly step?: Step;
  /** Where a route takes more than its wire does (pictures to edit). */
  readonly bodyBytesMax?: number;
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

export type Reply = JsonReply | StreamReply | FileReply;

/** What the plumbing does with any answer besides writing it. */
interface Answering {
  /** What the call brings about. It is left undone when a fault strikes the call before the vendor took it. */
  readonly accept?: () => void;
  /** How long the vendor works before it answers. */
  readonly afterMs?: number;
}

/** A file, or the part of it from `start` to before `end`; made while it is written, never held whole. */
export interface FileReply extends Answering {
  readonly type: 'file';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly file: SimFile;
  readonly start: number;
  readonly end: number;
  readonly subject?: Subject;
}

/** The bytes of a file: its head, then zeros up to its length. */
export interface SimFile {
  readonly type: string;
  readonly head: Buffer;
  readonly bytes: number;
}

export interface JsonReply extends Answering {
  readonly type: 'json';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly subject?: Subject;
}

export interface StreamReply extends Answering {
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
  /** How long the vendor works at this one. */
  readonly afterMs?: number;
}

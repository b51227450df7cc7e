import type { JsonObject } from '@bytespike/kernel';

import type { MediaSource } from '../requests/media-source.js';

/** One HTTP call, described. Whoever makes it adds the channel's address, its credential and its patience. */
export interface VendorCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the channel's address, with its query. */
  readonly path: string;
  readonly body?: VendorBody;
  /** Whether it may be sent again when nobody knows if it arrived. What costs money may not. */
  readonly repeat: 'safe' | 'never';
  /** An answer is not read beyond this. */
  readonly answerBytesMax: number;
}

export type VendorBody =
  { readonly type: 'json'; readonly json: JsonObject } | { readonly type: 'form'; readonly parts: readonly FormPart[] };

/** A part of a multipart form; a file's bytes are streamed from where they are. */
export type FormPart =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly filename: string; readonly file: MediaSource };

/** What a request became, and which of its fields the wire has no place for: nothing is lost in silence (law 4). */
export interface SubmitCall {
  readonly call: VendorCall;
  readonly unsent: readonly string[];
  /** How much of the answer is what was made, at most; absent where an answer says where it is. */
  readonly inlineBytes?: number;
}

/** Names of the fields that were asked for and have no place on a wire. */
export const unsentOf = (fields: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([field]) => field);

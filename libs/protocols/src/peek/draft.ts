import type { PeekedString } from './peeked-body.js';

export interface Span {
  readonly at: number;
  readonly end: number;
}

/** What has been read of a body so far. */
export interface Draft {
  readonly fields: string[];
  model?: PeekedString;
  stream: boolean;
  maxOutput?: number;
  choices: number;
  hasTools: boolean;
  mayHaveImages: boolean;
  thinking: boolean;
  usesState: boolean;
  inThread: boolean;
  inBackground: boolean;
  declinesStore: boolean;
  messageCount: number;
  base64Bytes: number;
  mediaCount: number;
  /** The member that asks for usage, and the object that would hold it. */
  usageWanted?: Span & { readonly asked: boolean };
  usageContainer?: Span;
}

export const startDraft = (): Draft => ({
  fields: [],
  stream: false,
  choices: 1,
  hasTools: false,
  mayHaveImages: false,
  thinking: false,
  usesState: false,
  inThread: false,
  inBackground: false,
  declinesStore: false,
  messageCount: 0,
  base64Bytes: 0,
  mediaCount: 0,
});

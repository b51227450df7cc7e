import type { OfferedSearches, PeekedString } from './peeked-body.js';

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
  prewarms: boolean;
  choices: number;
  hasTools: boolean;
  searches: OfferedSearches;
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
  prewarms: false,
  choices: 1,
  hasTools: false,
  searches: { bounded: 0, usesMax: 0, unbounded: 0 },
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

/** Adds what another part of a body offers. */
export function offerSearches(draft: Draft, { bounded, usesMax, unbounded }: OfferedSearches): void {
  const { searches } = draft;
  draft.searches = {
    bounded: searches.bounded + bounded,
    usesMax: searches.usesMax + usesMax,
    unbounded: searches.unbounded + unbounded,
  };
}

import type { BodyEdit } from '@bytespike/contracts';

/** A JSON string in the body, its quotes included in `at` and `length`. */
export interface PeekedString {
  readonly value: string;
  readonly at: number;
  readonly length: number;
}

/** What a hold is estimated from. Nothing here counts tokens: the vendor does that. */
export interface InputFacts {
  /** Bytes that may become text tokens: the body without its inline media. */
  readonly textBytes: number;
  /** Bytes of base64 media, which are billed by picture or second and not by length. */
  readonly base64Bytes: number;
  /** Pictures and files found, inline or by address. */
  readonly mediaCount: number;
}

/** Searches that a vendor makes by itself, and bills one by one, as a request offers them. */
export interface OfferedSearches {
  /** Offers that say how often at most, and how often that is, all together. */
  readonly bounded: number;
  readonly usesMax: number;
  /** Offers that do not say it. */
  readonly unbounded: number;
}

/**
 * Whether the vendor will report usage at the end of the stream: by itself or because the client asked (`reported`),
 * or only if `edit` is applied (`askable`), in which case the added report is withheld from the client.
 */
export type IncludeUsage = { readonly state: 'reported' } | { readonly state: 'askable'; readonly edit: BodyEdit };

/** What policy may know of a request whose bytes it forwards. */
export interface PeekedBody {
  /** Members of the body itself, the first hundred of them. */
  readonly fields: readonly string[];
  /** Absent where the protocol carries it elsewhere, or the client forgot it. */
  readonly model?: PeekedString;
  readonly stream: boolean;
  /** Output tokens asked for per choice; the larger one where two members say it. */
  readonly maxOutput?: number;
  /** Whether nothing is to come out: by a limit of none, or by a word for it. */
  readonly outputUnwanted: boolean;
  /** How many alternative answers are asked for. */
  readonly choices: number;
  readonly hasTools: boolean;
  readonly searches: OfferedSearches;
  readonly mayHaveImages: boolean;
  readonly thinking: boolean;
  /** Leans on a stored response or item, which we keep. */
  readonly usesState: boolean;
  /** Begins with what only its vendor keeps: a conversation, or cached content. */
  readonly inThread: boolean;
  /** The answer is to be made while nobody waits, and fetched later. */
  readonly inBackground: boolean;
  /** Nobody is to keep the answer. */
  readonly declinesStore: boolean;
  readonly includeUsage: IncludeUsage;
  readonly messageCount: number;
  readonly input: InputFacts;
}

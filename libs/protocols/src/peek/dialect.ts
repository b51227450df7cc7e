/**
 * Which members of a request a policy needs, as data. Each protocol states its own in its `peek.ts`;
 * the reader in this folder names none of them.
 */

/** What a member means to policy; `read-fact.ts` knows how to read each. */
export type PeekFact =
  | 'model'
  | 'stream'
  | 'max-output'
  /** True asks for no output, whatever the limit: the prompt is only to be read into a cache. */
  | 'prewarm'
  | 'choices'
  | 'tools'
  /** Anything but `false`: a search that the vendor makes, offered for the whole request. */
  | 'search'
  | 'conversation'
  /** Present and not null: the request leans on state that somebody keeps. */
  | 'state'
  /** Present and not null: the request begins with what only a vendor's account keeps. */
  | 'thread'
  /** False asks that nothing of the answer be kept. */
  | 'store'
  /** True asks for an answer that is fetched later. */
  | 'background'
  /** A word, or an object, that turns reasoning on unless it says otherwise. */
  | 'thinking'
  /** A number of reasoning tokens; zero turns it off. */
  | 'thinking-budget'
  | 'usage-wanted';

export interface PeekMembers {
  readonly [key: string]: PeekFact | PeekMembers;
}

export interface PeekDialect {
  readonly members: PeekMembers;
  /** Values of `type` inside the conversation that say something about the request. */
  readonly blocks: Readonly<Record<string, 'image' | 'state' | 'tools' | 'search'>>;
  /** What a message says about the request that writes neither a role nor, in plain letters, a type. */
  readonly unnamed?: 'state';
  /** Where, in a streaming request, to ask the vendor for a usage report it would not send by itself. */
  readonly askForUsage?: { readonly container: string; readonly key: string };
}

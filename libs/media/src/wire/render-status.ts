import { keptWords } from './kept-words.js';
import type { MediaFailure } from './media-errors.js';

/** The one life of a render, whatever its vendor calls the stages of it (media-ledger-reliability 1.0). */
export const RENDER_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired', 'unknown'] as const;
export type RenderState = (typeof RENDER_STATES)[number];

/** Where what was made can be had. */
export type AssetReference =
  /** At the channel's own address, with its credential; redirects are followed without it. */
  | { readonly from: 'vendor'; readonly path: string; readonly mediaType: string }
  /** Anywhere, without a credential, and through the guard like every foreign address. */
  | { readonly from: 'address'; readonly url: string; readonly mediaType: string }
  | { readonly from: 'inline'; readonly base64: string; readonly mediaType: string };

/** How far a vendor says that it is. */
export interface Progress {
  /** Whole, 0 to 100. */
  readonly percent?: number;
  readonly stage?: string;
}

/** What a vendor says it made. Absent numbers were not told. */
export interface Rendered {
  readonly seconds?: number;
  readonly images?: number;
  /** The vendor's own currency, for comparing its bills. */
  readonly tokens?: number;
}

interface Word {
  /** The vendor's own word for the state: normalising destroys no evidence. */
  readonly word: string;
}

export interface RenderUnderWay extends Word {
  readonly state: 'queued' | 'running';
  readonly progress: Progress;
}
export interface RenderSucceeded extends Word {
  readonly state: 'succeeded';
  readonly assets: readonly [AssetReference, ...AssetReference[]];
  readonly rendered: Rendered;
  /** The words that a picture was drawn from, in the places of the assets, where a vendor has written its own. */
  readonly revisedPrompts?: readonly (string | null)[];
}
export interface RenderFailed extends Word {
  readonly state: 'failed' | 'expired';
  readonly failure: MediaFailure;
}
export interface RenderCancelled extends Word {
  readonly state: 'cancelled';
  readonly rendered: Rendered;
}
/** Not a verdict: the render goes on for all we know, and the hold stays. */
export interface RenderUnknown extends Word {
  readonly state: 'unknown';
  readonly failure?: MediaFailure;
  /** `operator`: asking again will not help (a lost credential, a render that is gone, a word nobody knows). */
  readonly attention: 'none' | 'operator';
}

export type RenderStatus = RenderUnderWay | RenderSucceeded | RenderFailed | RenderCancelled | RenderUnknown;

export const underWay = (state: 'queued' | 'running', word: string, progress: Progress = {}): RenderUnderWay => ({
  state,
  word,
  progress,
});

/** Never a success and never a failure: whoever asked keeps asking, counts it, and alerts. */
export const unknownWord = (word: unknown): RenderUnknown => ({
  state: 'unknown',
  word: typeof word === 'string' ? keptWords(word.slice(0, 100)) : 'absent',
  attention: 'operator',
});

/** Percent as a vendor tells it; anything that is none is left out. */
export const percentOf = (value: unknown): Progress =>
  typeof value === 'number' && value >= 0 && value <= 100 ? { percent: Math.floor(value) } : {};

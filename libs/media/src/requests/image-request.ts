import type { PICTURE_FORMATS } from '@bytespike/contracts';

import type { MediaSource } from './media-source.js';

export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** `1024x1536`, width first. */
export type PictureSize = `${number}x${number}`;

export function pixelsOf(size: PictureSize): number {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return width * height;
}

/** Pictures to be made, complete: every default is filled in and the model can do all of it. */
export interface ImageRequest {
  readonly prompt: string;
  /** What the caller pays for at most. */
  readonly n: number;
  readonly size: PictureSize;
  /** Where the caller gave a ratio instead of a size. */
  readonly aspectRatio?: string | undefined;
  readonly quality?: string | undefined;
  readonly style?: string | undefined;
  readonly background?: 'transparent' | 'opaque' | 'auto' | undefined;
  /** How strictly the vendor is to judge what is asked for, where it leaves that to its customers. */
  readonly moderation?: 'low' | 'auto' | undefined;
  /** How closely an edit keeps to the pictures it is made from. */
  readonly inputFidelity?: 'high' | 'low' | undefined;
  readonly format: PictureFormat;
  /** Percent; with the two formats that lose something. */
  readonly compression?: number | undefined;
  readonly seed?: number | undefined;
  readonly negativePrompt?: string | undefined;
  /** With at least one, this is an edit. */
  readonly images: readonly MediaSource[];
  readonly mask?: MediaSource | undefined;
  /** Unfinished pictures wanted on the way; absent where the answer is wanted whole. */
  readonly partials?: number | undefined;
  /** How our own answer carries the pictures; no vendor is told. */
  readonly responseFormat: 'url' | 'b64_json';
}

/** The same as a client wished it, before a model was asked what it can do. */
export interface ImageWish {
  readonly prompt: string;
  readonly n: number | undefined;
  readonly size: string | undefined;
  readonly aspectRatio: string | undefined;
  readonly quality: string | undefined;
  readonly style: string | undefined;
  readonly background: string | undefined;
  readonly moderation: 'low' | 'auto' | undefined;
  readonly inputFidelity: 'high' | 'low' | undefined;
  readonly format: string | undefined;
  readonly compression: number | undefined;
  readonly seed: number | undefined;
  readonly negativePrompt: string | undefined;
  readonly images: readonly MediaSource[];
  readonly mask: MediaSource | undefined;
  readonly stream: boolean | undefined;
  readonly partials: number | undefined;
  readonly responseFormat: 'url' | 'b64_json' | undefined;
}

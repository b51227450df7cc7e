import type { FRAME_RATIOS, FRAME_ROLES, RESOLUTIONS } from '@bytespike/contracts';

import type { MediaSource } from './media-source.js';

export type Resolution = (typeof RESOLUTIONS)[number];

export type FrameRatio = (typeof FRAME_RATIOS)[number];

export type FrameRole = (typeof FRAME_ROLES)[number];

/** A picture that goes along with a film, and what it is to be in it. */
export interface FrameInput {
  readonly role: FrameRole;
  readonly source: MediaSource;
}

/** A film to be made, complete: every default is filled in and the model can do all of it. */
export interface VideoRequest {
  readonly prompt: string;
  /** What the caller pays for at most. */
  readonly seconds: number;
  readonly resolution: Resolution;
  readonly aspectRatio: FrameRatio;
  /** Absent where the caller did not say: the vendor's own habit holds. */
  readonly audio?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly images: readonly FrameInput[];
  readonly style?: string | undefined;
  readonly motion?: string | undefined;
  readonly negativePrompt?: string | undefined;
}

/** The same as a client wished it, before a model was asked what it can do. */
export interface VideoWish {
  readonly prompt: string;
  readonly seconds: number | undefined;
  readonly size: string | undefined;
  readonly resolution: string | undefined;
  readonly aspectRatio: string | undefined;
  readonly audio: boolean | undefined;
  readonly seed: number | undefined;
  readonly firstFrame: MediaSource | undefined;
  readonly lastFrame: MediaSource | undefined;
  readonly references: readonly MediaSource[];
  readonly style: string | undefined;
  readonly motion: string | undefined;
  readonly negativePrompt: string | undefined;
}

import type { FrameRatio, FrameRole, Resolution } from '../requests/video-request.js';

/** What one video model can do, as data. The first of a list is what an unsaid wish means. */
export interface VideoModel {
  readonly seconds: {
    readonly min: number;
    readonly max: number;
    /** Lengths beyond the range that are sold as well. */
    readonly also?: readonly number[];
    readonly usual: number;
  };
  readonly resolutions: readonly [Resolution, ...Resolution[]];
  readonly aspectRatios: readonly [FrameRatio, ...FrameRatio[]];
  /** `always`: its films have sound, and it cannot be asked to leave it out. */
  readonly audio: 'never' | 'optional' | 'always';
  /** How many images may come in which role; a role without a row is not taken. */
  readonly images: Partial<Readonly<Record<FrameRole, number>>>;
  readonly styles?: readonly string[];
  readonly motions?: readonly string[];
  /** What renders take until enough of them have been seen: so long for a film of that length. */
  readonly rendering: { readonly seconds: number; readonly filmSeconds: number };
}

import type { ImageRequest } from '../requests/image-request.js';
import type { Cancelling } from '../media-vendor.js';
import type { VideoRequest } from '../requests/video-request.js';
import type { Rendered, RenderState } from '../wire/render-status.js';

/** What is sold: whole pictures delivered, whole seconds of film. */
export interface MediaUnits {
  readonly images?: number;
  readonly seconds?: number;
}

/** As much of how a render ended as money needs to know: wherever what was made lies, it counts the same. */
export type JudgedRender =
  | { readonly state: 'succeeded'; readonly assets: readonly unknown[]; readonly rendered: Rendered }
  | { readonly state: 'cancelled'; readonly rendered: Rendered }
  | { readonly state: Exclude<RenderState, 'succeeded' | 'cancelled'> };

/** What a film costs at most: what is held when it is asked for. */
export const mostVideoUnits = ({ seconds }: VideoRequest): MediaUnits => ({ seconds });

/** What pictures cost at most. */
export const mostImageUnits = ({ n }: ImageRequest): MediaUnits => ({ images: n });

/**
 * What an outcome is worth: never more than was asked, though a vendor may render more, and never a part of a unit.
 * What did not succeed is worth nothing. `delivered` is how many assets have reached our store, when fewer than came.
 */
export function earnedUnits(most: MediaUnits, status: JudgedRender, delivered?: number): MediaUnits {
  if (status.state !== 'succeeded' || delivered === 0) return {};
  const { rendered, assets } = status;
  return {
    ...(most.images === undefined ? {} : { images: Math.min(most.images, assets.length, delivered ?? assets.length) }),
    ...(most.seconds === undefined ? {} : { seconds: wholeAtMost(rendered.seconds ?? most.seconds, most.seconds) }),
  };
}

/**
 * What a render costs its caller who did not want it any more: what its vendor bills (contract 8.3). One that could not
 * be stopped is rendered and billed whole; one that was stopped, what it reports or nothing.
 */
export function cancelledUnits(most: MediaUnits, status: JudgedRender, { bills }: Cancelling): MediaUnits {
  if (status.state === 'succeeded') return earnedUnits(most, status);
  if (status.state !== 'cancelled' || bills === 'nothing' || most.seconds === undefined) return {};
  const seconds = wholeAtMost(status.rendered.seconds ?? 0, most.seconds);
  return seconds === 0 ? {} : { seconds };
}

const wholeAtMost = (value: number, most: number): number =>
  Number.isFinite(value) && value > 0 ? Math.min(Math.floor(value), most) : 0;

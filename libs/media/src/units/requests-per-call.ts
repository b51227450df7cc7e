import type { ImageRequest } from '../requests/image-request.js';

/**
 * A request as the calls it takes, where a vendor draws fewer pictures in one. A seed is counted on, since the same one
 * would draw the same picture twice.
 */
export function requestsPerCall(asked: ImageRequest, perCallMax: number): readonly ImageRequest[] {
  const calls = Math.ceil(asked.n / perCallMax);
  return Array.from({ length: calls }, (_, index) => ({
    ...asked,
    n: Math.min(perCallMax, asked.n - index * perCallMax),
    seed: asked.seed === undefined || asked.seed < 0 ? asked.seed : (asked.seed + index) % 2_147_483_648,
  }));
}

import { getHeapStatistics } from 'node:v8';

import { GatewayError } from '@bytespike/kernel';

/** As it came, as it is understood and as its vendor gets it, a body is text three times; the rest of the heap is for everybody. */
const HEAP_SHARE = 1 / 5;

/** The bodies that one process translates at a time: many large ones at once would end it, and every stream with it. */
export interface BodiesInHand {
  /** Counts a body in while the work goes on. Rejects with `unavailable` when there is no room beside the others. */
  during<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

export function createBodiesInHand(bytesMax = getHeapStatistics().heap_size_limit * HEAP_SHARE): BodiesInHand {
  let held = 0;
  return {
    during: async (bytes, work) => {
      // One alone is within the limit of a body, and there is no better time for it.
      if (held > 0 && held + bytes > bytesMax)
        throw new GatewayError('unavailable', 'too many large bodies are being translated');
      held += bytes;
      try {
        return await work();
      } finally {
        held -= bytes;
      }
    },
  };
}

import { z } from 'zod';

import { topic } from './define.js';

/** What upstream-adapters tell the router about the channels they call. */
export const health = {
  circuitChanged: topic({
    subject: 'health.v1.circuit-changed',
    delivery: 'broadcast',
    payload: z.object({
      changeId: z.string(),
      channelId: z.string(),
      upstreamModel: z.string(),
      state: z.enum(['closed', 'open', 'half-open']),
      /** Epoch milliseconds until which an open circuit lets nothing through. */
      until: z.number().int().optional(),
    }),
    dedupeBy: ({ changeId }) => changeId,
  }),
};

import { z } from 'zod';

import { rpc, topic } from './define.js';

/** A vendor credential as it travels: sealed with the platform key, opened only in upstream-adapters. */
export const SealedCredential = z.object({
  credentialId: z.string(),
  weight: z.number().int().positive(),
  /** AES-256-GCM, `base64(nonce || ciphertext || tag)`, with the credential id as associated data. */
  sealed: z.string(),
});

/** Configuration that changes while the platform runs; console-api owns it, readers keep the last good one. */
export const configuration = {
  /** The whole catalogue as one versioned document; its schema is `Catalogue` in libs/catalog. */
  snapshot: rpc({
    subject: 'configuration.v1.snapshot',
    timeoutMs: 5_000,
    input: z.object({}),
    output: z.object({
      version: z.number().int(),
      catalogue: z.unknown(),
      /** Epoch milliseconds: prices that it is the first to hold are sold from then on. */
      publishedAt: z.number().int().optional(),
    }),
  }),
  credentials: rpc({
    subject: 'configuration.v1.credentials',
    timeoutMs: 5_000,
    input: z.object({ channelId: z.string() }),
    output: z.object({ credentials: z.array(SealedCredential) }),
  }),
  snapshotPublished: topic({
    subject: 'configuration.v1.snapshot-published',
    delivery: 'broadcast',
    payload: z.object({ version: z.number().int() }),
    dedupeBy: ({ version }) => String(version),
  }),
  /** Keys were changed, rotated or revoked, or their account was: whoever cached them drops them at once. */
  keyChanged: topic({
    subject: 'configuration.v1.key-changed',
    delivery: 'broadcast',
    payload: z.object({ changeId: z.string(), keyDigests: z.array(z.string()) }),
    dedupeBy: ({ changeId }) => changeId,
  }),
};

import { createHmac } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { sealBytes, unsealBytes } from '@bytespike/secrets';

/** Reasoning of one call is kept up to here; the longest seen is a tenth of it. */
export const STATE_BYTES_MAX = 256 * 1024;

/** Names and seals what is remembered. Whoever reads the store learns neither ids nor thoughts. */
export interface MemorySealer {
  place(accountId: string, callId: string): string;
  seal(state: string, accountId: string, place: string): Buffer;
  /** Throws when a byte, the account or the place differs. */
  open(sealed: Buffer, accountId: string, place: string): string;
}

const digest = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Thoughts compress three to one, sealed bytes not at all, so compression comes first. */
export function createMemorySealer(pepper: string): MemorySealer {
  const root = digest(pepper, 'reasoning');
  const keyOf = (accountId: string): Buffer => digest(root, accountId);
  return {
    place: (accountId, callId) => `reasoning:${digest(keyOf(accountId), callId).subarray(0, 18).toString('base64url')}`,
    seal: (state, accountId, place) => sealBytes(zstdCompressSync(Buffer.from(state)), place, keyOf(accountId)),
    open: (sealed, accountId, place) =>
      zstdDecompressSync(unsealBytes(sealed, place, keyOf(accountId)), { maxOutputLength: STATE_BYTES_MAX }).toString(),
  };
}

import { createHmac, type KeyObject } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { deriveKey, sealBytes, unsealBytes } from '@bytespike/secrets';

/** Reasoning of one call is kept up to here; the longest seen is a tenth of it. */
export const STATE_BYTES_MAX = 256 * 1024;

/** Names and seals what one account had. Whoever reads the store learns neither ids nor thoughts. */
export interface MemorySealer {
  place(callId: string): string;
  seal(state: string, place: string): Buffer;
  /** Throws when a byte or the place differs, or the account that had it. */
  open(sealed: Buffer, place: string): string;
}

const NAME_BYTES = 18;

const nameOf = (callId: string, key: KeyObject): string =>
  createHmac('sha256', key).update(callId).digest().subarray(0, NAME_BYTES).toString('base64url');

/** Sealers, one for each account. Thoughts compress three to one, sealed bytes not at all, so compression comes first. */
export function createMemorySealers(pepper: string): (accountId: string) => MemorySealer {
  const root = deriveKey(pepper, 'reasoning');
  return (accountId) => {
    // Once for all calls of a request: long conversations have hundreds.
    const key = deriveKey(root, accountId);
    return {
      place: (callId) => `reasoning:${nameOf(callId, key)}`,
      seal: (state, place) => sealBytes(zstdCompressSync(Buffer.from(state)), place, key),
      open: (sealed, place) =>
        zstdDecompressSync(unsealBytes(sealed, place, key), { maxOutputLength: STATE_BYTES_MAX }).toString(),
    };
  };
}

import { createHash } from 'node:crypto';

import { GatewayError } from '@bytespike/kernel';

import { freeReadChunks } from './free-read-chunks.js';

/** Counts and digests a body as it passes. */
export interface BodyGauge {
  /** Throws `too-large` with the chunk that is too much. */
  add(chunk: Uint8Array): void;
  /** Once, after the last chunk. */
  result(): { readonly bytes: number; readonly sha256: string };
}

export function createBodyGauge(bytesMax: number): BodyGauge {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    add(chunk) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new GatewayError('too-large', `at most ${bytesMax} bytes are kept`);
      hash.update(chunk);
      freeReadChunks(chunk.length);
    },
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}

import { randomFillSync } from 'node:crypto';

import { monotonicFactory } from 'ulid';

const POOL_BYTES = 4_096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Randomness from a pool: one system call serves some hundred ids. */
function random(): number {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

/** A new request id: a ULID, so that ids sort by time; unique over processes by its 80 random bits. */
export const newRequestId: () => string = monotonicFactory(random);

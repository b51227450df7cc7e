import { createHmac } from 'node:crypto';

import type { CapsuleSigner } from '@bytespike/protocols';

/** Enough to be unforgeable, short enough to travel in every thinking block. */
const MAC_BYTES = 16;

/** Signs capsules under a key of their own, so that nothing signed here could pass for a digest of an API key. */
export function createCapsuleSigner(pepper: string): CapsuleSigner {
  const key = createHmac('sha256', pepper).update('capsule').digest();
  return {
    sign: (payload) => createHmac('sha256', key).update(payload).digest().subarray(0, MAC_BYTES).toString('base64url'),
  };
}

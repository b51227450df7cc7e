import { createHmac, type KeyObject } from 'node:crypto';

import type { CapsuleSigner } from '@bytespike/protocols';
import { deriveKey } from '@bytespike/secrets';

/** Enough to be unforgeable, short enough to travel in every thinking block. */
const MAC_BYTES = 16;

const mac = (payload: string, key: KeyObject): string =>
  createHmac('sha256', key).update(payload).digest().subarray(0, MAC_BYTES).toString('base64url');

/**
 * Signers of capsules, one for each account: what one was given, no other can hand in. Their keys are derived for this
 * alone, so that nothing signed here could pass for a digest of an API key.
 */
export function createCapsuleSigners(pepper: string): (accountId: string) => CapsuleSigner {
  const root = deriveKey(pepper, 'capsule');
  return (accountId) => {
    const key = deriveKey(root, accountId);
    return { sign: (payload) => mac(payload, key) };
  };
}

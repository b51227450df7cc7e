import { createHmac } from 'node:crypto';

import type { CapsuleSigner } from '@bytespike/protocols';

/** Enough to be unforgeable, short enough to travel in every thinking block. */
const MAC_BYTES = 16;

const digest = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * Signers of capsules, one for each account: what one was given, no other can hand in. Their keys are derived for this
 * alone, so that nothing signed here could pass for a digest of an API key.
 */
export function createCapsuleSigners(pepper: string): (accountId: string) => CapsuleSigner {
  const root = digest(pepper, 'capsule');
  return (accountId) => {
    const key = digest(root, accountId);
    return { sign: (payload) => digest(key, payload).subarray(0, MAC_BYTES).toString('base64url') };
  };
}

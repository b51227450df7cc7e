import { createHmac } from 'node:crypto';

import { deriveKey } from '@bytespike/secrets';

import type { RepeatableRequest } from './repeatable-request.js';

/** Names a request in the store, without saying anything of it there. */
export interface Fingerprint {
  readonly keyId: string;
  /** Of the client's name for it and the route it was used on. */
  readonly name: string;
  /** Of everything that decides the answer. */
  readonly requestHash: string;
}

export type Fingerprinter = (request: RepeatableRequest) => Fingerprint;

/** Keyed digests, because names and bodies that can be guessed could be looked up by a plain one. */
export function createFingerprinter(pepper: string): Fingerprinter {
  const root = deriveKey(pepper, 'idempotency-names');
  return ({ keyId, clientKey, route, settings, body }) => {
    const key = deriveKey(root, keyId);
    const digest = (text: string, bytes: Uint8Array): string =>
      createHmac('sha256', key).update(`${text}\n`).update(bytes).digest('base64url');
    return {
      keyId,
      name: digest(`name ${route}`, Buffer.from(clientKey)),
      requestHash: digest(`request ${JSON.stringify(settings)}`, body),
    };
  };
}

import type { Principal } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { INFERENCE_KEY_PREFIX } from '@bytespike/secrets';

import { isAddressAllowed } from './ip-rules.js';
import type { IpRules } from './ip-rules.js';

/** A key as the store knows it, with what decides whether it may be used. */
export interface KeyRecord {
  readonly principal: Principal;
  readonly status: 'active' | 'disabled' | 'revoked';
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
  /** Its account (an organisation, say) has been paused. */
  readonly paused: boolean;
  readonly ipRules: IpRules;
}

export const unknownKey = (): GatewayError =>
  new GatewayError(
    'unauthenticated',
    `Invalid API key. Check that it was copied whole; keys begin with ${INFERENCE_KEY_PREFIX}.`,
  );

/** The owner of a key that may be used from this address now. Throws `unauthenticated` or `forbidden`. */
export function admitKey(record: KeyRecord, clientAddress: string, nowMs: number): Principal {
  if (record.status === 'revoked') {
    throw new GatewayError('unauthenticated', 'This API key was revoked. Create another one in the console.');
  }
  if (record.status === 'disabled') {
    throw new GatewayError('unauthenticated', 'This API key is disabled. Enable it in the console.');
  }
  if (record.expiresAt !== undefined && record.expiresAt <= nowMs) {
    throw new GatewayError('unauthenticated', 'This API key has expired. Create another one in the console.');
  }
  if (record.paused) {
    throw new GatewayError('forbidden', 'The account that owns this API key is paused. Ask its owner or an operator.');
  }
  if (!isAddressAllowed(record.ipRules, clientAddress)) {
    throw new GatewayError('forbidden', "This API key's IP rules do not allow your address.");
  }
  return record.principal;
}

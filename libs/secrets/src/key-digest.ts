import { createHmac } from 'node:crypto';

import { INFERENCE_KEY_PREFIX, MANAGEMENT_KEY_PREFIX } from './key-prefixes.js';

const SHOWN_PREFIXES = [INFERENCE_KEY_PREFIX, MANAGEMENT_KEY_PREFIX];

/**
 * What is stored and looked up instead of an API key: HMAC-SHA-256 under the platform's pepper, hex. A stolen
 * table is worthless without the pepper, and a lookup by digest compares nothing an attacker can time.
 */
export const digestKey = (secret: string, pepper: string): string =>
  createHmac('sha256', pepper).update(secret).digest('hex');

/** How a key is shown to people: its prefix and last four characters. */
export function maskKey(secret: string): string {
  const prefix = SHOWN_PREFIXES.find((one) => secret.startsWith(one)) ?? '';
  return `${prefix}...${secret.slice(-4)}`;
}

import { createHmac } from 'node:crypto';

/**
 * What is stored and looked up instead of an API key: HMAC-SHA-256 under the platform's pepper, hex. A stolen
 * table is worthless without the pepper, and a lookup by digest compares nothing an attacker can time.
 */
export const digestKey = (secret: string, pepper: string): string =>
  createHmac('sha256', pepper).update(secret).digest('hex');

/** How a key is shown to people: its prefix and last four characters. */
export function maskKey(secret: string): string {
  const prefix = /^sk-(?:mgmt-)?byts-/.exec(secret)?.[0] ?? '';
  return `${prefix}...${secret.slice(-4)}`;
}

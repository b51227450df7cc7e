import { hash } from 'node:crypto';

import { digestKey } from '@bytespike/secrets';
import { LRUCache } from 'lru-cache';

/** Shorter than any key there is (custom ones have 24), longer than any: not worth a digest. */
const KEY_CHARACTERS = { min: 16, max: 512 } as const;

/** What is looked up instead of a key; undefined for text that cannot be one, so that floods of it cost nothing. */
export type Digester = (credential: string) => string | undefined;

const DIGESTS_MAX = 10_000;

/**
 * Digests keys under the platform's pepper. Most requests come from few keys, so their digests are remembered, under
 * an unkeyed hash that costs a tenth: no secret stays in memory for it.
 */
export function createDigester(pepper: string): Digester {
  const digests = new LRUCache<string, string>({ max: DIGESTS_MAX });
  return (credential) => {
    const { length } = credential;
    if (length < KEY_CHARACTERS.min || length > KEY_CHARACTERS.max) return undefined;
    const name = hash('sha256', credential);
    const known = digests.get(name);
    if (known !== undefined) return known;
    const digest = digestKey(credential, pepper);
    digests.set(name, digest);
    return digest;
  };
}

import { hash } from 'node:crypto';

import { digestKey } from '@bytespike/secrets';
import { LRUCache } from 'lru-cache';

import type { IncomingHeaders } from '../domain/client-headers.js';

/** Shorter than any key there is (custom ones have 24), longer than any: not worth a digest. */
const KEY_CHARACTERS = { min: 16, max: 512 } as const;

/**
 * The caller's key, wherever a client puts it; one precedence on every route (contract 0.1): `x-api-key`,
 * `x-goog-api-key`, `Authorization: Bearer`, `?key=`. The body is never consulted.
 */
export function readCredential(headers: IncomingHeaders, query: string): string | undefined {
  return (
    single(headers['x-api-key']) ??
    single(headers['x-goog-api-key']) ??
    bearer(single(headers['authorization'])) ??
    queryKey(query)
  );
}

/** Whether a Gemini client speaks, as far as its carrier tells. */
export const carriesGoogleKey = (headers: IncomingHeaders, query: string): boolean =>
  single(headers['x-goog-api-key']) !== undefined || queryKey(query) !== undefined;

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

function single(value: string | readonly string[] | undefined): string | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  return text === '' ? undefined : text;
}

function bearer(authorization: string | undefined): string | undefined {
  const match = /^bearer\s+(\S+)$/i.exec(authorization ?? '');
  return match?.[1];
}

function queryKey(query: string): string | undefined {
  if (!query.includes('key=')) return undefined;
  return single(new URLSearchParams(query).get('key') ?? undefined);
}

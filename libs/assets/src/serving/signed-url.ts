import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

import { GatewayError } from '@bytespike/kernel';

import { assertAssetName, isAssetName } from '../asset-name.js';

/** Contract 9.7: how long a link leads to its asset. */
export const ASSET_URL_HOURS = 24;

const MS_PER_SECOND = 1_000;
const EXPIRES = /^[1-9]\d{9,11}$/;

/** What a signed link stands for. */
export interface AssetLink {
  readonly name: string;
  /** Counted in whole seconds; what is between them is dropped. */
  readonly expiresAt: Date;
}

/** What links are made of, whichever asset they lead to. */
export interface AssetUrls {
  /** Where assets are served: scheme, host and the path before their names. */
  readonly base: URL;
  /** `deriveKey(pepper, 'asset-urls')` of libs/secrets. */
  readonly key: KeyObject;
}

/** A link that anybody may follow until it expires, for this asset alone. It names no store, so stores can be changed. */
export function signAssetUrl({ base, key }: AssetUrls, { name, expiresAt }: AssetLink): string {
  assertAssetName(name);
  const expires = String(Math.floor(expiresAt.getTime() / MS_PER_SECOND));
  const url = new URL(base);
  url.pathname = pathBefore(base) + name;
  url.search = new URLSearchParams({ expires, signature: signatureOf(name, expires, key) }).toString();
  return url.href;
}

/**
 * The asset that a link of ours leads to. `address` is the request's path and query. Throws `forbidden` for a link that
 * we have not made, whatever is wrong with it, and `gone` for one that has expired.
 */
export function openSignedUrl({ base, key }: AssetUrls, address: string, now: Date): AssetLink {
  const { pathname, searchParams } = readAddress(address, base);
  const before = pathBefore(base);
  const name = pathname.startsWith(before) ? pathname.slice(before.length) : '';
  const expires = searchParams.get('expires') ?? '';
  const signature = searchParams.get('signature') ?? '';
  const isOurs = isAssetName(name) && EXPIRES.test(expires) && isEqual(signature, signatureOf(name, expires, key));
  if (!isOurs) throw foreign();
  const expiresAt = new Date(Number(expires) * MS_PER_SECOND);
  if (expiresAt <= now)
    throw new GatewayError('gone', 'this link has expired; ask for the task again to get a new one');
  return { name, expiresAt };
}

const foreign = (): GatewayError => new GatewayError('forbidden', 'this link is not valid');

function readAddress(address: string, base: URL): URL {
  // Two slashes would begin a host; no link of ours has them.
  const url = address.startsWith('/') && !address.startsWith('//') ? URL.parse(address, base.origin) : null;
  if (url === null) throw foreign();
  return url;
}

const pathBefore = (base: URL): string => (base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`);

/** Neither a name nor a moment holds a line break, so no two links are signed alike. */
const signatureOf = (name: string, expires: string, key: KeyObject): string =>
  createHmac('sha256', key).update(`${expires}\n${name}`).digest('base64url');

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import type { Readable } from 'node:stream';

import { GatewayError } from '@bytespike/kernel';

import type { AssetStore, StoredAsset } from '../asset-store.js';
import { assetHeaders } from './asset-headers.js';
import { readRange } from './byte-range.js';

/** What an HTTP request asks of an asset. */
export interface AssetRequest {
  readonly name: string;
  readonly method: 'GET' | 'HEAD';
  /** The headers of these names, if they came. */
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
}

/** A whole HTTP answer but for the writing of it. */
export interface AssetAnswer {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | undefined;
}

const missing = (): GatewayError => new GatewayError('not-found', 'there is no such asset, or not any more');

/** Answers a request for an asset, of which all or a range may be asked. Throws `not-found`. */
export async function answerAsset(store: AssetStore, request: AssetRequest): Promise<AssetAnswer> {
  const asset = await store.head(request.name);
  if (!asset) throw missing();
  const range = request.method === 'GET' ? readRange(rangeHeader(request, asset), asset.bytes) : undefined;
  if (range === 'unsatisfiable') {
    const headers = { 'content-range': `bytes */${asset.bytes}`, 'accept-ranges': 'bytes', 'content-length': '0' };
    return { status: 416, headers, body: undefined };
  }
  const length = range ? range.last - range.first + 1 : asset.bytes;
  const headers = { ...assetHeaders(asset), 'content-length': String(length) };
  if (request.method === 'HEAD') return { status: 200, headers, body: undefined };
  const opened = await store.open(request.name, range);
  if (!opened) throw missing();
  if (!range) return { status: 200, headers, body: opened.body };
  const contentRange = `bytes ${range.first}-${range.last}/${asset.bytes}`;
  return { status: 206, headers: { ...headers, 'content-range': contentRange }, body: opened.body };
}

/** A range of another version of the asset is no use to the caller (RFC 9110 13.1.5): it gets all of this one. */
const rangeHeader = ({ range, ifRange }: AssetRequest, { sha256 }: StoredAsset): string | undefined =>
  ifRange === undefined || ifRange === `"${sha256}"` ? range : undefined;

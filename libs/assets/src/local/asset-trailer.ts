import type { FileHandle } from 'node:fs/promises';

import { assert, GatewayError, tryParseJson } from '@bytespike/kernel';
import { z } from 'zod';

import type { StoredAsset } from '../asset-store.js';

/**
 * A file of the local store is the asset's bytes and, after them, what is known of it: one file, so that one rename
 * makes both appear. The trailer ends with its length and a mark.
 */
const MARK = Buffer.from('BYTESPIKE-ASSET1');
const LENGTH_BYTES = 4;
const TRAILER_BYTES_MAX = 1_024;

const Facts = z.object({
  name: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.string(),
  storedAt: z.iso.datetime(),
});

export function encodeTrailer(asset: StoredAsset): Buffer {
  const facts = Buffer.from(JSON.stringify({ ...asset, storedAt: asset.storedAt.toISOString() }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(facts.length);
  const trailer = Buffer.concat([facts, length, MARK]);
  assert(trailer.length <= TRAILER_BYTES_MAX, 'names and content types are short');
  return trailer;
}

/** Reads the trailer of an open file. Throws `internal` when the file is not whole, or not ours. */
export async function readTrailer(file: FileHandle): Promise<StoredAsset> {
  const { size } = await file.stat();
  const end = Buffer.alloc(Math.min(size, TRAILER_BYTES_MAX));
  const { bytesRead } = await file.read(end, 0, end.length, size - end.length);
  const asset = bytesRead === end.length ? decode(end) : undefined;
  if (asset === undefined || asset.bytes + encodeTrailer(asset).length !== size)
    throw new GatewayError('internal', 'a file of the asset store is not whole');
  return asset;
}

function decode(end: Buffer): StoredAsset | undefined {
  const mark = end.length - MARK.length;
  const start = mark - LENGTH_BYTES;
  if (start < 0 || !end.subarray(mark).equals(MARK)) return undefined;
  const facts = Facts.safeParse(tryParseJson(end.toString('utf8', start - end.readUInt32BE(start), start)));
  return facts.success ? { ...facts.data, storedAt: new Date(facts.data.storedAt) } : undefined;
}

import { nameAsset, SNIFFED_BYTES, sniffContentType, type AssetContentType, type AssetStore } from '@bytespike/assets';
import type { KeptSource } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import { invalidParam } from '@bytespike/media';
import { ulid } from 'ulid';

import type { Leftovers } from './leftovers.js';

/** A picture that came as a file, where it lies now. */
export interface KeptFile {
  readonly source: Extract<KeptSource, { type: 'asset' }>;
  /** Hex. */
  readonly sha256: string;
}

export interface UploadPorts {
  readonly assets: Pick<AssetStore, 'put'>;
  readonly leftovers: Pick<Leftovers, 'add'>;
}

/** What every vendor of edits takes. */
const PICTURES: readonly AssetContentType[] = ['image/png', 'image/jpeg', 'image/webp'];

/**
 * Keeps a picture as it comes: in the object store until the request is over, and never in memory. Errors:
 * `invalid-request` (no picture), `unavailable`, and those of the body.
 */
export async function keepUpload(
  body: AsyncIterable<Uint8Array>,
  param: string,
  { assets, leftovers }: UploadPorts,
): Promise<KeptFile> {
  const pieces = body[Symbol.asyncIterator]();
  const beginning = await beginningOf(pieces);
  const contentType = sniffContentType(beginning);
  if (contentType === undefined || !PICTURES.includes(contentType)) {
    await pieces.return?.();
    throw invalidParam(param, 'the file is no picture that is taken', PICTURES);
  }
  const name = nameAsset({ kind: 'upload', id: ulid(), at: new Date(), contentType });
  leftovers.add(name);
  const whole = followedBy(beginning, pieces);
  const { sha256 } = await assets.put({ name, contentType, body: whole, bytesMax: LIMITS.imageFormBytesMax });
  return { source: { type: 'asset', id: name, mediaType: contentType }, sha256 };
}

/** As much of a body as tells what it is. */
async function beginningOf(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array(0);
  while (beginning.length < SNIFFED_BYTES) {
    const { value, done } = await pieces.next();
    if (done) break;
    beginning = beginning.length === 0 ? value : Buffer.concat([beginning, value]);
  }
  return beginning;
}

async function* followedBy(
  beginning: Uint8Array,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (beginning.length > 0) yield beginning;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

import type { Readable } from 'node:stream';

import { nameAsset, sniffBody, type AssetStore } from '@bytespike/assets';
import type { KeptSource } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import { invalidParam } from '@bytespike/media';
import { ulid } from 'ulid';

import { PICTURES } from '../assets/input-keeper.js';
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

/**
 * Keeps a picture as it comes: in the object store until the request is over, and never in memory. Errors:
 * `invalid-request` (no picture), `unavailable`, and those of the body.
 */
export async function keepUpload(body: Readable, param: string, { assets, leftovers }: UploadPorts): Promise<KeptFile> {
  const { contentType, whole } = await sniffBody(body);
  if (contentType === undefined || !PICTURES.includes(contentType)) {
    body.destroy();
    throw invalidParam(param, 'the file is no picture that is taken', PICTURES);
  }
  const name = nameAsset({ kind: 'upload', id: ulid(), at: new Date(), contentType });
  leftovers.add(name);
  const { sha256 } = await assets.put({ name, contentType, body: whole, bytesMax: LIMITS.imageFormBytesMax });
  return { source: { type: 'asset', id: name, mediaType: contentType }, sha256 };
}

import { nameAsset, SNIFFED_BYTES, sniffContentType, type AssetContentType, type AssetStore } from '@bytespike/assets';
import type { KeptSource } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { invalidParam } from '@bytespike/media';
import type { Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

/** A picture that came as a file, where it lies now. */
export interface KeptFile {
  readonly source: Extract<KeptSource, { type: 'asset' }>;
  /** Hex. */
  readonly sha256: string;
}

/** The files of one request: in the object store until it has ended, and never in memory. */
export interface Uploads {
  /** Keeps a picture as it comes. Errors: `invalid-request` (no picture), `unavailable`, and those of the body. */
  keep(body: AsyncIterable<Uint8Array>, param: string): Promise<KeptFile>;
  /** Gives all of it up. Never rejects: what is left behind is retired with its age. */
  discard(): Promise<void>;
}

export interface UploadPorts {
  readonly assets: Pick<AssetStore, 'put' | 'delete'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What every vendor of edits takes. */
const PICTURES: readonly AssetContentType[] = ['image/png', 'image/jpeg', 'image/webp'];

export function createUploads(requestId: string, { assets, logger }: UploadPorts): Uploads {
  const names: string[] = [];
  return {
    keep: async (body, param) => {
      const pieces = body[Symbol.asyncIterator]();
      const beginning = await beginningOf(pieces);
      const contentType = sniffContentType(beginning);
      if (contentType === undefined || !PICTURES.includes(contentType)) {
        await pieces.return?.();
        throw invalidParam(param, 'the file is no picture that is taken', PICTURES);
      }
      const name = nameAsset({ kind: 'upload', id: ulid(), at: new Date(), contentType });
      names.push(name);
      const whole = followedBy(beginning, pieces);
      const { sha256 } = await assets.put({ name, contentType, body: whole, bytesMax: LIMITS.imageFormBytesMax });
      return { source: { type: 'asset', id: name, mediaType: contentType }, sha256 };
    },
    discard: async () => {
      for (const name of names.splice(0)) {
        await assets.delete(name).catch((thrown: unknown) => {
          logger.warn({ requestId, kind: GatewayError.from(thrown).kind }, 'an upload was not removed');
        });
      }
    },
  };
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

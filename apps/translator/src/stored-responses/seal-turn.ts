import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

import { isJsonObject, LIMITS, parseJson, type JsonObject } from '@bytespike/kernel';
import { deriveKey, sealBytes, unsealBytes } from '@bytespike/secrets';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A little more than what may be sealed; a seal says nothing of its size before it is opened. */
const OPENED_BYTES_MAX = 2 * LIMITS.storedResponseBytesMax;

/** Seals JSON for rest. Each owner has a key of its own, derived from the platform's pepper; `place` binds it to its row. */
export interface TurnSealer {
  seal(json: Uint8Array, owner: string, place: string): Promise<Buffer>;
  /** Throws when a byte, the owner or the place differs. */
  open(sealed: Uint8Array, owner: string, place: string): Promise<JsonObject>;
}

/** Conversations compress four to one, sealed bytes not at all, so compression comes first. */
export function createTurnSealer(pepper: string): TurnSealer {
  const root = deriveKey(pepper, 'stored-responses');
  return {
    seal: async (json, owner, place) => sealBytes(await compress(json), place, deriveKey(root, owner)),
    async open(sealed, owner, place) {
      const packed = unsealBytes(sealed, place, deriveKey(root, owner));
      const value = parseJson((await decompress(packed, { maxOutputLength: OPENED_BYTES_MAX })).toString());
      if (!isJsonObject(value)) throw new TypeError('a stored response is not an object');
      return value;
    },
  };
}

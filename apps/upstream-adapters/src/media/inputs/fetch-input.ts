import { nameAsset } from '@bytespike/assets';
import type { CallContext } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';

import { keepBody } from '../assets/keep-body.js';
import type { MediaPorts } from '../media-ports.js';
import type { InputFile } from './input-file.js';

/** Keeps the picture at a customer's address, for vendors that fetch nothing themselves. */
export async function fetchInput(url: string, { signal }: CallContext, ports: MediaPorts): Promise<InputFile> {
  const { store, foreign, newId, now } = ports;
  const bytesMax = LIMITS.inputImageBytesMax;
  // What it is, its bytes say.
  const { body } = await foreign.get({ url, bytesMax, totalMs: LIMITS.inputFetchMs, accepts: () => true, signal });
  const kept = await keepBody(
    body,
    {
      kind: 'image',
      bytesMax,
      nameOf: (contentType) => nameAsset({ kind: 'upload', id: newId(), at: new Date(now()), contentType }),
      otherwise: 'invalid-request',
    },
    store,
  );
  return { name: kept.name, bytes: kept.bytes, mediaType: kept.contentType };
}

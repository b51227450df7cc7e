import { Readable } from 'node:stream';

import { nameMade } from '@bytespike/assets';
import type { KeptAsset, MediaTarget } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';

import type { MediaPorts } from '../media-ports.js';
import { keepBody } from './keep-body.js';

/** Which of a work's assets one is: a repeat on the same day replaces it, and what an earlier day left is retired. */
export interface AssetSlot {
  readonly workId: string;
  readonly target: MediaTarget;
  /** A number, or what sets an unfinished one apart. */
  readonly slot: string;
}

const KINDS = { image: 'img', video: 'vid' } as const;
const BYTES_MAX = { image: LIMITS.pictureBytesMax, video: LIMITS.filmBytesMax } as const;

export const assetBytesMax = ({ target }: AssetSlot): number => BYTES_MAX[target.kind];

/** Keeps what a vendor has made. Throws `upstream-garbled` for what is nothing of the kind, and what the body throws. */
export async function keepAsset(
  { workId, target, slot }: AssetSlot,
  body: Readable,
  { store, now }: Pick<MediaPorts, 'store' | 'now'>,
): Promise<KeptAsset> {
  const wanted = {
    kind: target.kind,
    bytesMax: BYTES_MAX[target.kind],
    nameOf: (contentType) => nameMade({ kind: KINDS[target.kind], workId, slot, at: new Date(now()), contentType }),
    otherwise: 'upstream-garbled',
  } as const satisfies Parameters<typeof keepBody>[1];
  const { name, contentType, bytes, sha256 } = await keepBody(body, wanted, store);
  metrics.mediaBytes.inc({ vendor: target.vendor, kind: target.kind }, bytes);
  return { name, contentType, bytes, sha256 };
}

/** A multiple of four characters is a whole number of bytes. */
const SLICE_CHARACTERS = 64 * 1024;

/** What came as base64 inside an answer, a piece at a time. */
export const inlineBody = (base64: string): Readable => Readable.from(decodedPieces(base64), { objectMode: false });

function* decodedPieces(told: string): Generator<Uint8Array> {
  // Some break it into lines, which would put the slices out of step.
  const base64 = /\s/.test(told) ? told.replace(/\s+/g, '') : told;
  for (let at = 0; at < base64.length; at += SLICE_CHARACTERS)
    yield Buffer.from(base64.slice(at, at + SLICE_CHARACTERS), 'base64');
}

import type { MediaPart } from '@bytespike/ir';

import { imageSize } from './image-size.js';

/** A picture is cut into tiles; one that fits a single tile costs one (Gemini's numbers, and near the others'). */
const TOKENS_PER_TILE = 258;
const TILE_PIXELS = 768;
/** Vendors scale larger pictures down to about this many tiles a side. */
const TILES_A_SIDE_MAX = 4;

/** Base64 characters to a token, for what is billed by page or by second: a page of 48 kB, speech at 16 kB a second. */
const BASE64_PER_TOKEN = { pdf: 32, file: 4, audio: 600, video: 1_200 } as const satisfies Record<
  Exclude<MediaPart['kind'], 'image'>,
  number
>;

/** Tokens of a picture or file; one behind an address is taken for a picture of one tile, since nobody fetches it. */
export function mediaTokens({ kind, source }: MediaPart): number {
  if (source.type !== 'inline') return TOKENS_PER_TILE;
  if (kind !== 'image') return Math.max(TOKENS_PER_TILE, Math.ceil(source.base64.length / BASE64_PER_TOKEN[kind]));
  const size = imageSize(source.base64);
  return size ? TOKENS_PER_TILE * tiles(size.width) * tiles(size.height) : TOKENS_PER_TILE;
}

const tiles = (pixels: number): number => Math.min(TILES_A_SIDE_MAX, Math.max(1, Math.ceil(pixels / TILE_PIXELS)));

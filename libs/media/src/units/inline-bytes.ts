import { LIMITS } from '@bytespike/kernel';

/** Three colours of a byte each, as base64: more than any of the formats takes, which all make a picture smaller. */
const CHARACTERS_PER_PIXEL = 4;

/** How much of an answer are pictures that come inside it, at most: as much of it as is read. */
export const inlineBytes = (pictures: number, pixels: number): number =>
  Math.min(pictures * pixels * CHARACTERS_PER_PIXEL, LIMITS.vendorBodyBytesMax);

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Enough for the headers of PNG and GIF, and for the markers before a JPEG's frame unless it carries a large profile. */
const HEADER_CHARACTERS = 65_536;

/** The size of a picture as its header says it, where the header is one of the usual three and not cut short. */
export function imageSize(base64: string): ImageSize | undefined {
  const bytes = headerBytes(base64);
  const size = pngSize(bytes) ?? gifSize(bytes) ?? jpegSize(bytes);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

function headerBytes(base64: string): Uint8Array {
  const text = base64.slice(0, HEADER_CHARACTERS);
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = ALPHABET.indexOf(text.charAt(index));
    if (value < 0) break;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (held >> bits) & 0xff;
    length += 1;
  }
  return bytes.subarray(0, length);
}

const starts = (bytes: Uint8Array, ...signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

const at = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;
const big16 = (bytes: Uint8Array, index: number): number => at(bytes, index) * 256 + at(bytes, index + 1);
const little16 = (bytes: Uint8Array, index: number): number => at(bytes, index + 1) * 256 + at(bytes, index);
const big32 = (bytes: Uint8Array, index: number): number => big16(bytes, index) * 65_536 + big16(bytes, index + 2);

const pngSize = (bytes: Uint8Array): ImageSize | undefined =>
  starts(bytes, 0x89, 0x50, 0x4e, 0x47) ? { width: big32(bytes, 16), height: big32(bytes, 20) } : undefined;

const gifSize = (bytes: Uint8Array): ImageSize | undefined =>
  starts(bytes, 0x47, 0x49, 0x46) ? { width: little16(bytes, 6), height: little16(bytes, 8) } : undefined;

/** A frame header is a marker C0 to CF, but for three that mean something else. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function jpegSize(bytes: Uint8Array): ImageSize | undefined {
  if (!starts(bytes, 0xff, 0xd8)) return undefined;
  for (let index = 2; index + 8 < bytes.length && bytes[index] === 0xff;) {
    if (isFrame(at(bytes, index + 1))) return { width: big16(bytes, index + 7), height: big16(bytes, index + 5) };
    index += 2 + big16(bytes, index + 2);
  }
  return undefined;
}

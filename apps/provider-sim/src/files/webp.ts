import type { Pixels } from './pixels.js';

const SIGNATURE_BYTE = 0x2f;

/** A lossless WebP of one colour: codes of one symbol each, which cost no bits, so that every size is as short. */
export const webpOf = ({ width, height, color }: Pixels): Buffer => {
  const bits: number[] = [];
  const put = (value: number, count: number): void => {
    for (let at = 0; at < count; at += 1) bits.push((value >> at) & 1);
  };
  put(width - 1, 14);
  put(height - 1, 14);
  // No alpha, version 0, no transform, no colour cache, one group of codes.
  put(0, 1 + 3 + 1 + 1 + 1);
  const [red, green, blue] = color;
  for (const symbol of [green, red, blue, 0xff]) {
    // A simple code, of one symbol, which has eight bits.
    put(1, 1);
    put(0, 1);
    put(1, 1);
    put(symbol, 8);
  }
  // The code of distances is of one symbol too, which has one bit.
  put(1, 1);
  put(0, 3);
  const image = Buffer.from([SIGNATURE_BYTE, ...bytesOf(bits)]);
  return riff(image.length % 2 === 0 ? image : Buffer.concat([image, Buffer.alloc(1)]), image.length);
};

const bytesOf = (bits: readonly number[]): readonly number[] =>
  Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((byte, bit, at) => byte | (bit << at), 0),
  );

const riff = (padded: Buffer, imageBytes: number): Buffer => {
  const header = Buffer.alloc(20);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(12 + padded.length, 4);
  header.write('WEBPVP8L', 8, 'latin1');
  header.writeUInt32LE(imageBytes, 16);
  return Buffer.concat([header, padded]);
};

import type { Pixels } from './pixels.js';

const BLOCK = 8;
/** The mean of a block of eight by eight is coded as eight times it, here in steps of sixteen. */
const STEP = 16;

/** A grey baseline JPEG: each block but the first says "as before, and nothing else" in two bits. */
export const jpegOf = ({ width, height, color }: Pixels): Buffer => {
  const grey = Math.round((color[0] + color[1] + color[2]) / 3);
  const level = Math.round(((grey - 128) * BLOCK) / STEP);
  const size = bitsOf(Math.abs(level));
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array.from({ length: BLOCK * BLOCK }, () => STEP)]),
    segment(0xc0, [8, ...uint16(height), ...uint16(width), 1, 1, 0x11, 0]),
    // Differences: code 0 means none, code 10 the size of the first block's level.
    segment(0xc4, [0x00, ...lengths({ 1: 1, 2: 1 }), 0, size]),
    // Details: code 0 means that there are none.
    segment(0xc4, [0x10, ...lengths({ 1: 1 }), 0]),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    scanOf(Math.ceil(width / BLOCK) * Math.ceil(height / BLOCK), level, size),
    Buffer.from([0xff, 0xd9]),
  ]);
};

const bitsOf = (value: number): number => (value === 0 ? 0 : Math.floor(Math.log2(value)) + 1);

const scanOf = (blocks: number, level: number, size: number): Buffer => {
  // A negative level is written one less than its size in ones.
  const value = level < 0 ? level + 2 ** size - 1 : level;
  const first = size === 0 ? '00' : `10${value.toString(2).padStart(size, '0')}0`;
  const bits = first.length + (blocks - 1) * 2;
  const bytes = Buffer.alloc(Math.ceil(bits / 8));
  const head = first.padEnd(Math.ceil(first.length / 8) * 8, '0');
  for (let at = 0; at < head.length; at += 8) bytes[at / 8] = Number.parseInt(head.slice(at, at + 8), 2);
  // What is left of the last byte is filled with ones.
  const left = bytes.length * 8 - bits;
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | (2 ** left - 1);
  return stuffed(bytes);
};

/** After a byte of ones comes a zero, lest it be taken for a marker; only the first bytes and the last can be one. */
const stuffed = (bytes: Buffer): Buffer =>
  bytes.includes(0xff) ? Buffer.from(Array.from(bytes).flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte]))) : bytes;

const segment = (marker: number, data: readonly number[]): Buffer =>
  Buffer.from([0xff, marker, ...uint16(data.length + 2), ...data]);

const uint16 = (value: number): readonly number[] => [value >> 8, value & 0xff];

/** How many codes there are of each length from 1 to 16. */
const lengths = (counts: Readonly<Record<number, number>>): readonly number[] =>
  Array.from({ length: 16 }, (_, index) => counts[index + 1] ?? 0);

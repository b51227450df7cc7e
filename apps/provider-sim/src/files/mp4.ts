import { jpegOf } from './jpeg.js';
import type { Pixels } from './pixels.js';

/** A film of one colour. */
export interface Film extends Pixels {
  readonly seconds: number;
}

const TIMESCALE = 1_000;
/** One picture a second, the same one each time: all of them are found at one place in the file. */
const SAMPLE_DURATION = TIMESCALE;
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
/** Motion JPEG, as ISO 14496-1 numbers the kinds of content. */
const JPEG_CONTENT = 0x6c;
const VISUAL_STREAM = 0x11;
const TRACK_ENABLED = 7;

/** An MP4 that plays: its samples are JPEGs, and its header tells duration and size before the data come. */
export const mp4Of = (film: Film): Buffer => {
  const picture = jpegOf(film);
  const type = box('ftyp', text('isom'), uint32(0x200), text('isommp41'));
  const whereData = (movieBytes: number): number => type.length + movieBytes + 8;
  const draft = movieOf(film, picture.length, 0);
  const movie = movieOf(film, picture.length, whereData(draft.length));
  return Buffer.concat([type, movie, box('mdat', picture)]);
};

/** The head of a box that fills a film up to a size with nothing. */
export const freeBoxHead = (bytes: number): Buffer => {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write('free', 4, 'latin1');
  head.writeBigUInt64BE(BigInt(bytes), 8);
  return head;
};

const movieOf = (film: Film, sampleBytes: number, dataAt: number): Buffer => {
  const duration = film.seconds * TIMESCALE;
  const header = [uint32(0), uint32(0), uint32(TIMESCALE), uint32(duration), uint32(0x10000)];
  return box(
    'moov',
    full('mvhd', 0, ...header, uint16(0x100), zeros(10), uint32(...MATRIX), zeros(24), uint32(2)),
    box(
      'trak',
      full(
        'tkhd',
        TRACK_ENABLED,
        ...[uint32(0, 0, 1, 0, duration), zeros(16), uint32(...MATRIX)],
        uint32(film.width * 0x10000, film.height * 0x10000),
      ),
      box(
        'mdia',
        full('mdhd', 0, uint32(0, 0, TIMESCALE, duration), uint16(0x55c4, 0)),
        full('hdlr', 0, zeros(4), text('vide'), zeros(12), text('film\0')),
        mediaOf(film, sampleBytes, dataAt),
      ),
    ),
  );
};

const mediaOf = (film: Film, sampleBytes: number, dataAt: number): Buffer =>
  box(
    'minf',
    full('vmhd', 1, zeros(8)),
    box('dinf', full('dref', 0, uint32(1), full('url ', 1))),
    box(
      'stbl',
      full('stsd', 0, uint32(1), sampleEntry(film)),
      full('stts', 0, uint32(1, film.seconds, SAMPLE_DURATION)),
      full('stsc', 0, uint32(1, 1, 1, 1)),
      full('stsz', 0, uint32(sampleBytes, film.seconds)),
      full('stco', 0, uint32(film.seconds, ...Array.from({ length: film.seconds }, () => dataAt))),
    ),
  );

const sampleEntry = ({ width, height }: Film): Buffer =>
  box(
    'mp4v',
    zeros(6),
    uint16(1),
    zeros(16),
    uint16(width, height),
    uint32(0x480000, 0x480000, 0),
    uint16(1),
    zeros(32),
    uint16(24, 0xffff),
    full('esds', 0, streamDescription()),
  );

const streamDescription = (): Buffer => {
  const decoder = descriptor(4, Buffer.from([JPEG_CONTENT, VISUAL_STREAM]), zeros(11));
  return descriptor(3, uint16(1), zeros(1), decoder, descriptor(6, Buffer.from([2])));
};

const descriptor = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
};

const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length + 8), text(type), body]);
};

const full = (type: string, flags: number, ...parts: readonly Buffer[]): Buffer => box(type, uint32(flags), ...parts);

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const zeros = (count: number): Buffer => Buffer.alloc(count);

const uint32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
};

const uint16 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
};

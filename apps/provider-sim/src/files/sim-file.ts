import type { SimFile } from '../wire/wire.js';
import { jpegOf } from './jpeg.js';
import type { Film } from './mp4.js';
import { freeBoxHead, mp4Of } from './mp4.js';
import type { Pixels } from './pixels.js';
import { pngOf } from './png.js';
import { webpOf } from './webp.js';

const ENCODERS = { png: pngOf, jpeg: jpegOf, webp: webpOf } as const;
export type PictureFormat = keyof typeof ENCODERS;

/** A picture as a file, filled up with zeros behind its end where a larger one was asked for. */
export const pictureFile = (format: PictureFormat, pixels: Pixels, bytesWanted = 0): SimFile => {
  const head = ENCODERS[format](pixels);
  return { type: `image/${format}`, head, bytes: Math.max(head.length, bytesWanted) };
};

const FREE_BOX_BYTES_MIN = 16;

/** A film as a file, filled up with an empty box where a larger one was asked for. */
export const filmFile = (film: Film, bytesWanted = 0): SimFile => {
  const played = mp4Of(film);
  const free = bytesWanted - played.length;
  if (free < FREE_BOX_BYTES_MIN) return { type: 'video/mp4', head: played, bytes: played.length };
  return { type: 'video/mp4', head: Buffer.concat([played, freeBoxHead(free)]), bytes: bytesWanted };
};

/** The whole of a file in base64, for the vendors that put files into their JSON. */
export const base64Of = ({ head, bytes }: SimFile): string =>
  (bytes === head.length ? head : Buffer.concat([head, Buffer.alloc(bytes - head.length)])).toString('base64');

import { inflateSync } from 'node:zlib';
import { jpegOf } from './jpeg.js';
import { mp4Of } from './mp4.js';
import { colorOf } from './pixels.js';
import { pngOf } from './png.js';
import { base64Of, filmFile, pictureFile } from './sim-file.js';
import { webpOf } from './webp.js';

const PIXELS = { width: 1536, height: 1024, color: colorOf('a cat') } as const;

/** The bits of a JPEG's scan, decoded by the two tables it declares. */
const greysOf = (jpeg: Buffer): readonly number[] => {
  const at = (marker: number) => jpeg.indexOf(Buffer.from([0xff, marker]));
  const size = jpeg[at(0xc4) + 2 + 2 + 17 + 1] ?? 0;
  const scan = jpeg.subarray(at(0xda) + 2 + 8, -2);
  const bits = Array.from(scan.filter((byte, index) => byte !== 0 || scan[index - 1] !== 0xff))
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const greys: number[] = [];
  let [place, level] = [0, 0];
  while (greys.length < 20 * 12) {
    const changes = bits[place] === '1';
    place += changes ? 2 : 1;
    if (changes) {
      const value = Number.parseInt(bits.slice(place, place + size), 2);
      level += value < 2 ** (size - 1) ? value - 2 ** size + 1 : value;
      place += size;
    }
    if (bits[place] !== '0') throw new Error('a block has details');
    place += 1;
    greys.push(Math.round((level * 16) / 8 + 128));
  }
  expect(bits.slice(place)).toMatch(/^1{0,7}$/);
  return greys;
};

describe('the files that vendors deliver', () => {
  it('are PNGs of the asked size, each row filtered by none and of the one colour there is', () => {
    const png = pngOf(PIXELS);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1536, 1024]);
    const data = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    expect(rows.equals(Buffer.alloc(1024 * (1 + 192)))).toBe(true);
    expect(png.subarray(png.indexOf('PLTE') + 4).subarray(0, 3)).toEqual(Buffer.from(PIXELS.color));
  });

  it.each([0, 60, 128, 129, 255])('are JPEGs whose every block is of one grey (%d)', (grey) => {
    const jpeg = jpegOf({ width: 160, height: 96, color: [grey, grey, grey] });
    const greys = new Set(greysOf(jpeg));
    expect(greys.size).toBe(1);
    expect(Math.abs([...greys][0]! - grey)).toBeLessThanOrEqual(1);
  });

  it('are WebPs as long as they say', () => {
    const webp = webpOf(PIXELS);
    expect(webp.readUInt32LE(4)).toBe(webp.length - 8);
    const size = webp.readUInt32LE(21);
    expect([(size & 0x3fff) + 1, ((size >> 14) & 0x3fff) + 1]).toEqual([1536, 1024]);
  });

  it('are films whose boxes add up and whose samples are pictures', () => {
    const film = mp4Of({ ...PIXELS, seconds: 8 });
    const boxes: Record<string, Buffer> = {};
    for (let at = 0; at < film.length; at += film.readUInt32BE(at))
      boxes[film.toString('latin1', at + 4, at + 8)] = film.subarray(at, at + film.readUInt32BE(at));
    expect(Object.keys(boxes)).toEqual(['ftyp', 'moov', 'mdat']);
    const offset = film.readUInt32BE(film.indexOf('stco') + 12);
    const bytes = film.readUInt32BE(film.indexOf('stsz') + 8);
    expect(film.subarray(offset, offset + bytes).equals(jpegOf({ ...PIXELS }))).toBe(true);
    expect(film.readUInt32BE(film.indexOf('mvhd') + 4 + 4 + 8 + 4) / 1_000).toBe(8);
  });

  it('are as large as was asked for, and the same every time', () => {
    const film = filmFile({ ...PIXELS, seconds: 4 }, 500 * 1024 * 1024);
    expect([film.bytes, film.head.length < 20_000]).toEqual([500 * 1024 * 1024, true]);
    expect(film.head.readBigUInt64BE(film.head.length - 8)).toBe(BigInt(film.bytes - film.head.length + 16));
    const picture = pictureFile('png', PIXELS, 5_000);
    expect(Buffer.from(base64Of(picture), 'base64')).toHaveLength(5_000);
    expect(base64Of(picture)).toBe(base64Of(pictureFile('png', PIXELS, 5_000)));
  });
});

/** What was made, as a client gets it from the address in an answer: without a key. */
export interface Downloaded {
  readonly status: number;
  readonly contentType: string | null;
  readonly bytes: Buffer;
}

export async function download(url: string, headers: Record<string, string> = {}): Promise<Downloaded> {
  const response = await fetch(url, { headers });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** How long a film lasts, by the header that players go by (`mvhd`, ISO 14496-12). */
export function filmSeconds(film: Buffer): number {
  const header = film.indexOf('mvhd');
  if (film.toString('latin1', 4, 8) !== 'ftyp' || header < 0) throw new Error('this is no MP4');
  const isLong = film.readUInt8(header + 4) === 1;
  const timescale = film.readUInt32BE(header + (isLong ? 24 : 16));
  return Number(isLong ? film.readBigUInt64BE(header + 28) : film.readUInt32BE(header + 20)) / timescale;
}

/** Format and frame of a picture, as its own header tells. */
export function pictureFrame(picture: Buffer): string {
  if (picture.toString('latin1', 1, 4) === 'PNG') return `png ${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}`;
  if (picture.toString('latin1', 8, 12) === 'WEBP') return 'webp';
  if (picture.readUInt16BE(0) === 0xffd8) return `jpeg ${jpegFrame(picture)}`;
  throw new Error('this is no picture');
}

/** Walks the segments of a JPEG to the one that begins its frame (SOF0 to SOF2). */
function jpegFrame(picture: Buffer): string {
  let place = 2;
  while (place < picture.length && ![0xc0, 0xc1, 0xc2].includes(picture.readUInt8(place + 1)))
    place += 2 + picture.readUInt16BE(place + 2);
  return `${picture.readUInt16BE(place + 7)}x${picture.readUInt16BE(place + 5)}`;
}

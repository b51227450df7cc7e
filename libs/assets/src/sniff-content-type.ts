import type { AssetContentType } from './content-type.js';

/** As many bytes as `sniffContentType` looks at. */
export const SNIFFED_BYTES = 16;

interface Signature {
  readonly contentType: AssetContentType;
  /** Places in the file and what is there, in Latin-1. */
  readonly marks: readonly (readonly [at: number, text: string])[];
}

const SIGNATURES: readonly Signature[] = [
  { contentType: 'image/png', marks: [[0, '\x89PNG\r\n\x1a\n']] },
  { contentType: 'image/jpeg', marks: [[0, '\xff\xd8\xff']] },
  { contentType: 'image/gif', marks: [[0, 'GIF87a']] },
  { contentType: 'image/gif', marks: [[0, 'GIF89a']] },
  {
    contentType: 'image/webp',
    marks: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { contentType: 'video/webm', marks: [[0, '\x1a\x45\xdf\xa3']] },
  { contentType: 'video/quicktime', marks: [[4, 'ftypqt  ']] },
  { contentType: 'video/mp4', marks: [[4, 'ftyp']] },
];

/**
 * What a file is by how it begins, whatever its sender calls it. Absent when it is none of the media that begin with a
 * mark of their own; SVG is text and has none.
 */
export function sniffContentType(beginning: Uint8Array): AssetContentType | undefined {
  const text = Buffer.from(beginning.subarray(0, SNIFFED_BYTES)).toString('latin1');
  return SIGNATURES.find(({ marks }) => marks.every(([at, mark]) => text.startsWith(mark, at)))?.contentType;
}

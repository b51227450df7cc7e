import { Readable } from 'node:stream';

import { base64Of, type AssetStore } from '@bytespike/assets';
import { assert, GatewayError } from '@bytespike/kernel';
import type { FormPart, VendorBody } from '@bytespike/media';

import type { InputFiles } from '../inputs/open-inputs.js';
import type { InputFile } from '../inputs/input-file.js';

/** A piece of a request: bytes that are there, or those of a file, read when they are sent. */
type Piece = Uint8Array | { readonly file: InputFile; readonly as: 'bytes' | 'base64' };

/** A request's body in pieces. It can be opened again for another attempt, and no file of it is ever in memory. */
export interface RequestBody {
  readonly contentType: string;
  readonly bytes: number;
  readonly pieces: readonly Piece[];
}

/** A vendor's body with the files it speaks of in their places. */
export const requestBody = (body: VendorBody, files: InputFiles, boundary: string): RequestBody =>
  body.type === 'json' ? jsonBody(JSON.stringify(body.json), files) : formBody(body.parts, files, boundary);

/** Where the wire has written a file's mark, the file itself is sent. */
function jsonBody(text: string, files: InputFiles): RequestBody {
  const pieces = [...files.marked].reduce<readonly (string | Piece)[]>(
    (parts, [mark, file]) => parts.flatMap((part) => (typeof part === 'string' ? fill(part, mark, file) : [part])),
    [text],
  );
  return measured(
    'application/json',
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
  );
}

const fill = (text: string, mark: string, file: InputFile): readonly (string | Piece)[] =>
  text.split(mark).flatMap((part, index) => (index === 0 ? [part] : [{ file, as: 'base64' } as const, part]));

const CRLF = '\r\n';

function formBody(parts: readonly FormPart[], files: InputFiles, boundary: string): RequestBody {
  const pieces = parts.flatMap((part): readonly Piece[] => {
    const disposition = `--${boundary}${CRLF}content-disposition: form-data; name="${part.name}"`;
    if ('text' in part) return [Buffer.from(`${disposition}${CRLF}${CRLF}${part.text}${CRLF}`)];
    assert(part.file.type === 'asset', 'files of a form lie in the store');
    const file = files.named.get(part.file.id);
    assert(file !== undefined, 'an input was opened before it is sent');
    const head = `${disposition}; filename="${part.filename}"${CRLF}content-type: ${part.file.mediaType}${CRLF}${CRLF}`;
    return [Buffer.from(head), { file, as: 'bytes' }, Buffer.from(CRLF)];
  });
  return measured(`multipart/form-data; boundary=${boundary}`, [...pieces, Buffer.from(`--${boundary}--${CRLF}`)]);
}

const measured = (contentType: string, pieces: readonly Piece[]): RequestBody => ({
  contentType,
  bytes: pieces.reduce((sum, piece) => sum + lengthOf(piece), 0),
  pieces,
});

const lengthOf = (piece: Piece): number => {
  if (piece instanceof Uint8Array) return piece.length;
  return piece.as === 'bytes' ? piece.file.bytes : 4 * Math.ceil(piece.file.bytes / 3);
};

/** The bytes of a body for one attempt; a stream where files are among them. */
export function openBody({ pieces }: RequestBody, store: AssetStore): Uint8Array | Readable {
  const inMemory = pieces.filter((piece) => piece instanceof Uint8Array);
  if (inMemory.length === pieces.length) return Buffer.concat(inMemory);
  return Readable.from(bytesOf(pieces, store), { objectMode: false });
}

async function* bytesOf(pieces: readonly Piece[], store: AssetStore): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      yield piece;
      continue;
    }
    const opened = await store.open(piece.file.name);
    if (!opened) throw new GatewayError('gone', 'An input is no longer kept.');
    if (piece.as === 'bytes') yield* opened.body as AsyncIterable<Uint8Array>;
    else yield* base64Of(opened.body);
  }
}

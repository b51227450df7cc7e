import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Failure } from './wire.js';

export type Body = { readonly raw: Buffer } | { readonly failure: Failure };

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Collects the bytes of a request; past the limit it stops keeping them but still lets the caller finish. */
export const collectBytes = async (request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size <= bytesMax) chunks.push(bytes);
  }
  return size > bytesMax ? undefined : chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
};

/** Undoes the content encoding of a request body. */
export const decodeBody = (bytes: Buffer, encoding: string | undefined, bytesMax: number): Body => {
  if (encoding === undefined || encoding === 'identity') return { raw: bytes };
  const decode = DECODERS[encoding.toLowerCase()];
  if (decode === undefined)
    return { failure: { status: 415, reason: 'bad-encoding', message: `Unsupported content encoding: ${encoding}` } };
  try {
    return { raw: decode(bytes, { maxOutputLength: bytesMax }) };
  } catch (error) {
    // Whatever the decoder throws is about the bytes it was given; only "too large" has a status of its own.
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return { failure: { status: 413, reason: 'too-large' } };
    return { failure: { status: 400, reason: 'bad-encoding', message: `The request body is not valid ${encoding}` } };
  }
};

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

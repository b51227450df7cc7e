import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

import { GatewayError } from '@bytespike/kernel';

interface Limits {
  /** Most bytes a decoded body may have. */
  readonly bytesMax: number;
}

/** Text compresses to a tenth; what grows two hundredfold is a bomb, unless it is small anyway. */
const RATIO_MAX = 200;
const RATIO_FREE_BYTES = 1024 * 1024;

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip) as Decode,
  'x-gzip': promisify(gunzip) as Decode,
  deflate: (bytes, options) => (isZlib(bytes) ? zlibInflate : rawInflate)(bytes, options),
  br: promisify(brotliDecompress) as Decode,
  zstd: promisify(zstdDecompress) as Decode,
};

const zlibInflate = promisify(inflate) as Decode;
const rawInflate = promisify(inflateRaw) as Decode;

/** RFC 1950: the low half of the first byte names the method, and there is one. */
const ZLIB_METHOD = 8;

/** RFC 9110 says zlib; some clients send bare deflate. */
const isZlib = (bytes: Buffer): boolean => ((bytes[0] ?? 0) & 0x0f) === ZLIB_METHOD;

/** Undoes `Content-Encoding`. Errors: `invalid-request` (unknown coding, damaged bytes), `too-large` (size or ratio). */
export async function decodeBody(bytes: Buffer, contentEncoding: string, limits: Limits): Promise<Buffer> {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === 'identity' || coding === '' || bytes.length === 0) return bytes;
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (!decode)
    throw new GatewayError('invalid-request', `Content-Encoding must be one of gzip, deflate, br, zstd or identity.`);
  const maxOutputLength = Math.min(limits.bytesMax, Math.max(RATIO_FREE_BYTES, bytes.length * RATIO_MAX));
  try {
    return await decode(bytes, { maxOutputLength });
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new GatewayError('too-large', `The body is larger than ${maxOutputLength} bytes once decoded.`, { cause });
    throw new GatewayError('invalid-request', `The body is not valid ${coding}.`, { cause });
  }
}

import { pipeline, Readable, type Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

import { GatewayError } from '@bytespike/kernel';

import { fetchFailure, refused } from './refused.js';

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

export interface BodyBounds {
  readonly bytesMax: number;
  /** The caller's own, so that leaving is told apart from a connection that broke. */
  readonly signal: AbortSignal;
}

const tooLarge = (bytesMax: number): GatewayError =>
  new GatewayError('too-large', `what the address holds is larger than ${bytesMax} bytes`);

/** Refuses what announces that it is too large, before a byte of it is read. */
export function refuseAnnounced(length: string | undefined, bytesMax: number): void {
  if (length !== undefined && Number(length) > bytesMax) throw tooLarge(bytesMax);
}

/** We ask for plain bytes. Who compresses all the same is decoded, one layer deep. */
export function decoded(body: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  if (!Object.hasOwn(DECODERS, name)) throw refused('encoding');
  const decoder = DECODERS[name]?.();
  // Failures of either side reach the reader through the decoder.
  return decoder ? pipeline(body, decoder, () => undefined) : body;
}

/**
 * The same bytes up to a limit that counts them as they come out of the decoder, a piece at a time: a bomb is let go of
 * long before it has unfolded.
 */
export function bounded(source: Readable, { bytesMax, signal }: BodyBounds): Readable {
  const read = async function* (): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        if (bytes > bytesMax) throw tooLarge(bytesMax);
        yield chunk;
      }
    } catch (thrown) {
      throw fetchFailure(thrown, signal);
    }
  };
  return Readable.from(read(), { objectMode: false });
}

import { once } from 'node:events';
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

import { GatewayError } from '@bytespike/kernel';

import type { ResponseReceiver } from './http-request.js';

/** Streams are read as they come, so every decoder hands out what it has at once. */
const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const DECODERS = {
  gzip: () => createGunzip(flush),
  'x-gzip': () => createGunzip(flush),
  deflate: () => createInflate(flush),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress(),
} as const;

/** A receiver of plain bytes for the bytes of an encoded body; `end` resolves when everything has been handed on. */
export interface BodyDecoder {
  data(chunk: Uint8Array): void | Promise<void>;
  end(): Promise<void>;
  /** Nobody wants the rest: nothing more is handed on. */
  close(): void;
}

/** We ask vendors for identity; one that compresses all the same is decoded, because we meter and cut its records. */
export function decoderFor(encoding: string | undefined, receiver: ResponseReceiver): BodyDecoder | undefined {
  const name = encoding?.trim().toLowerCase();
  if (name === undefined || name === '' || name === 'identity') return undefined;
  if (!Object.hasOwn(DECODERS, name))
    throw new GatewayError('upstream-garbled', 'the answer is encoded in a way nobody asked for');
  const decoder = DECODERS[name as keyof typeof DECODERS]();
  const finished = pump(decoder, receiver);
  const failed = new Promise<never>((_, reject) => {
    finished.catch(reject);
    // The pump leaves a decoder that has come to its end; a vendor may go on all the same.
    decoder.on('error', (cause) => reject(undecodable(cause)));
  });
  // The failure is reported by `data` or `end`, whichever comes next; nobody may be listening yet.
  failed.catch(() => undefined);
  return {
    async data(chunk) {
      if (!decoder.write(chunk)) await Promise.race([once(decoder, 'drain'), failed]);
    },
    async end() {
      decoder.end();
      await finished;
    },
    close: () => void decoder.destroy(),
  };
}

async function pump(decoder: AsyncIterable<Uint8Array>, receiver: ResponseReceiver): Promise<void> {
  try {
    for await (const chunk of decoder) await receiver.data(chunk);
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : undecodable(cause);
  }
}

const undecodable = (cause: unknown): GatewayError =>
  new GatewayError('upstream-garbled', 'the answer cannot be decoded', { cause });

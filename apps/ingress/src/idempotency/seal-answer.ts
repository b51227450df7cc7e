import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

import { isJsonObject, LIMITS, parseJson } from '@bytespike/kernel';
import { deriveKey, sealBytes, unsealBytes } from '@bytespike/secrets';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Fingerprint } from './fingerprint.js';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** What is kept of an answer, as it rests. */
export interface SealedAnswer {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** An answer opened again. */
export interface OpenedAnswer {
  readonly headers: FlatHeaders;
  readonly body: Buffer;
}

type Place = Pick<Fingerprint, 'keyId' | 'name'>;

/** Compresses and seals answers. Each API key has a sealing key of its own; an answer opens in its own place only. */
export interface AnswerSealer {
  seal(answer: { readonly headers: FlatHeaders; readonly body: Uint8Array }, place: Place): Promise<SealedAnswer>;
  /** Throws when a byte, the key or the place differs. */
  open(sealed: SealedAnswer, place: Place): Promise<OpenedAnswer>;
}

/** The sealing keys are derived from the platform's pepper. */
export function createAnswerSealer(pepper: string): AnswerSealer {
  const root = deriveKey(pepper, 'idempotency-answers');
  const seal = async (bytes: Uint8Array, part: 'head' | 'body', { keyId, name }: Place): Promise<Buffer> =>
    sealBytes(await compress(bytes), `${part} ${name}`, deriveKey(root, keyId));
  const open = (sealed: Uint8Array, part: 'head' | 'body', { keyId, name }: Place): Promise<Buffer> =>
    decompress(unsealBytes(sealed, `${part} ${name}`, deriveKey(root, keyId)), {
      maxOutputLength: LIMITS.keptAnswerBytesMax,
    });
  return {
    seal: async ({ headers, body }, place) => ({
      head: await seal(Buffer.from(JSON.stringify({ headers })), 'head', place),
      body: await seal(body, 'body', place),
    }),
    open: async ({ head, body }, place) => ({
      headers: headersIn(await open(head, 'head', place)),
      body: await open(body, 'body', place),
    }),
  };
}

function headersIn(json: Buffer): FlatHeaders {
  const head = parseJson(json.toString());
  if (!isJsonObject(head) || !Array.isArray(head.headers)) throw new TypeError('a kept answer has no headers');
  return head.headers.map(String);
}

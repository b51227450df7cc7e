import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { GatewayError, LIMITS } from '@bytespike/kernel';

import type { Timings } from '../http/timings.js';
import type { KeptFile } from './keep-upload.js';

/** One field of a form, in its order: text, or a file that lies in the object store. */
export type FormEntry =
  { readonly name: string; readonly text: string } | { readonly name: string; readonly file: KeptFile };

/** Puts a file aside while it arrives; its errors refuse the form. */
export type KeepFile = (body: Readable, name: string) => Promise<KeptFile>;

type FormTimes = Pick<Timings, 'uploadMs' | 'bodyReadMs'>;

export const isForm = ({ headers }: IncomingMessage): boolean =>
  /^multipart\/form-data\b/i.test(headers['content-type']?.trim() ?? '');

/**
 * Reads a form whose files go into the object store while they arrive: as much of it is in memory as is on its way
 * between two sockets. Errors: `too-large`, `invalid-request` (broken, too slow, no picture), `cancelled`, `unavailable`.
 * What is left unread then is the answering side's to discard.
 */
export async function readForm(
  request: IncomingMessage,
  response: ServerResponse,
  keep: KeepFile,
  times: FormTimes,
): Promise<readonly FormEntry[]> {
  const { 'content-length': declared = 0, 'content-encoding': coding = 'identity', expect } = request.headers;
  if (Number(declared) > LIMITS.imageFormBytesMax) throw tooLarge();
  if (coding.trim().toLowerCase() !== 'identity')
    throw new GatewayError('invalid-request', 'A form is sent as it is, without a Content-Encoding.');
  const parser = openParser(request);
  // Answering before this line is what spares a refused client from sending its body at all.
  if (expect !== undefined) response.writeContinue();
  return collect(request, parser, keep, times);
}

function openParser({ headers }: IncomingMessage): BusboyInstance {
  const limits = {
    fieldSize: LIMITS.formFieldBytesMax,
    fields: LIMITS.formFieldsMax,
    files: LIMITS.formFilesMax,
    headerPairs: 20,
    headerSize: 8 * 1024,
  };
  try {
    return new Busboy({ headers: { ...headers, 'content-type': headers['content-type'] ?? '' }, limits });
  } catch {
    // Its words would quote the header.
    throw unreadable();
  }
}

function collect(
  request: IncomingMessage,
  parser: BusboyInstance,
  keep: KeepFile,
  { uploadMs, bodyReadMs }: FormTimes,
): Promise<readonly FormEntry[]> {
  return new Promise((resolve, reject) => {
    const entries: (FormEntry | Promise<FormEntry>)[] = [];
    const open = new Set<Readable>();
    let length = 0;
    let isSettled = false;

    const settle = (): void => {
      isSettled = true;
      clearTimeout(slow);
      clearTimeout(silent);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    /** What is being kept must have given up before the caller removes what was kept. */
    const refuse = (error: GatewayError): void => {
      if (isSettled) return;
      settle();
      request.pause();
      for (const file of open) file.destroy(error);
      parser.destroy();
      Promise.allSettled(entries).then(() => reject(error), reject);
    };
    const onData = (piece: Buffer): void => {
      silent.refresh();
      length += piece.length;
      if (length > LIMITS.imageFormBytesMax) return refuse(tooLarge());
      if (!parser.write(piece)) request.pause();
    };
    const onEnd = (): void => {
      clearTimeout(silent);
      parser.end();
    };
    // A request that was read to its end closes as well, perhaps before its last file is kept.
    const onClose = (): void => {
      if (!request.readableEnded) refuse(new GatewayError('cancelled', 'The client left while sending its form.'));
    };
    const slow = setTimeout(() => refuse(tooSlow(uploadMs)), uploadMs);
    const silent = setTimeout(() => {
      // While the store is slower than the client, the silence is ours.
      if (request.isPaused()) silent.refresh();
      else refuse(tooSlow(bodyReadMs));
    }, bodyReadMs);

    parser.on('file', (name: string | undefined, file) => {
      open.add(file);
      // A parser that breaks says so on the file it is in, before it says so itself.
      file.on('error', () => refuse(unreadable())).once('close', () => open.delete(file));
      if (name === undefined) return refuse(unreadable());
      const entry = keep(file, name).then((kept) => ({ name, file: kept }));
      entries.push(entry);
      entry.catch((thrown: unknown) => refuse(GatewayError.from(thrown)));
    });
    parser.on('field', (name: string | undefined, text, _nameCut, isCut) => {
      if (name === undefined) refuse(unreadable());
      else if (isCut) refuse(new GatewayError('too-large', `${name}: at most ${LIMITS.formFieldBytesMax} bytes`));
      else entries.push({ name, text });
    });
    for (const limit of ['fieldsLimit', 'filesLimit'] as const) parser.on(limit, () => refuse(tooMany()));
    parser.on('error', () => refuse(unreadable()));
    parser.on('drain', () => void (isSettled || request.resume()));
    parser.on('finish', () => {
      if (isSettled) return;
      settle();
      Promise.allSettled(entries)
        .then(() => Promise.all(entries))
        .then(resolve, reject);
    });
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

const tooLarge = (): GatewayError =>
  new GatewayError('too-large', `The form is larger than the limit of ${LIMITS.imageFormBytesMax} bytes.`);

const tooMany = (): GatewayError =>
  new GatewayError(
    'invalid-request',
    `A form has at most ${LIMITS.formFieldsMax} fields and ${LIMITS.formFilesMax} files.`,
  );

const tooSlow = (ms: number): GatewayError =>
  new GatewayError('invalid-request', `The form did not arrive within ${ms / 1_000} seconds.`);

const unreadable = (): GatewayError =>
  new GatewayError('invalid-request', 'The body is not a form: multipart/form-data is broken, or breaks off.');

import { randomUUID } from 'node:crypto';

import { assetContentType } from '@bytespike/assets';
import type { CallContext, KeptSource, MediaAsked } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { InputForm, MediaSource } from '@bytespike/media';
import { judgeForeignUrl } from '@bytespike/safe-fetch';

import type { MediaPorts } from '../media-ports.js';
import { fetchInput } from './fetch-input.js';
import type { InputFile } from './input-file.js';
import { fieldsOf, sourcesOf, withSources, type MediaRequest } from './request-sources.js';

/** The files of a request, by the mark that stands for their base64 in it, and by their names in the store. */
export interface InputFiles {
  readonly marked: ReadonlyMap<string, InputFile>;
  readonly named: ReadonlyMap<string, InputFile>;
}

export interface OpenedInputs {
  readonly ready: MediaRequest;
  readonly files: InputFiles;
  /** Forgets what was fetched for this request alone. */
  release(): Promise<void>;
}

/**
 * Brings the pictures of a request into the form that its wire takes. Bytes stay in the store: in JSON a mark stands for
 * them, which is filled in when the request is sent. Throws `invalid-request`, `too-large` or `gone` for a picture that
 * cannot be had.
 */
export async function openInputs(
  asked: MediaAsked,
  forms: readonly InputForm[],
  context: CallContext,
  ports: MediaPorts,
): Promise<OpenedInputs> {
  const marked = new Map<string, InputFile>();
  const named = new Map<string, InputFile>();
  const fetched: string[] = [];
  const release = async (): Promise<void> => {
    // What cannot be deleted now is deleted with all that is old; it is no reason to lose an answer.
    await Promise.allSettled(fetched.map((name) => ports.store.delete(name)));
  };
  const open = async (source: KeptSource): Promise<MediaSource> => {
    if (source.type === 'address' && forms.includes('address')) {
      // The vendor fetches it; where it may lead is judged all the same, since that vendor may be one of the operator's own.
      judgeForeignUrl(source.url, ports.addressRules);
      return source;
    }
    const file = await fileOf(source, fetched, context, ports);
    named.set(file.name, file);
    if (forms.includes('file')) return { type: 'asset', id: file.name, mediaType: file.mediaType };
    const mark = `file:${randomUUID()}`;
    marked.set(mark, file);
    return { type: 'inline', mediaType: file.mediaType, base64: mark };
  };
  const opened = await Promise.allSettled(sourcesOf(asked).map(open));
  const [failed] = opened.flatMap((one, index) => (one.status === 'rejected' ? [{ index, why: one.reason }] : []));
  if (failed) {
    await release();
    throw about(failed.why, fieldsOf(asked)[failed.index]);
  }
  const sources = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return { ready: withSources(asked, sources), files: { marked, named }, release };
}

/** The same failure, with the field that it is about where it is its caller's. */
function about(thrown: unknown, param: string | undefined): GatewayError {
  const error = GatewayError.from(thrown);
  const { kind, message, traits } = error;
  return traits.fault === 'client' ? new GatewayError(kind, message, { cause: error, details: { param } }) : error;
}

async function fileOf(
  source: KeptSource,
  fetched: string[],
  context: CallContext,
  ports: MediaPorts,
): Promise<InputFile> {
  if (source.type === 'address') {
    const file = await fetchInput(source.url, context, ports);
    fetched.push(file.name);
    return file;
  }
  const asset = await ports.store.head(source.id);
  if (!asset) throw new GatewayError('gone', 'An input is no longer kept.');
  return { name: asset.name, bytes: asset.bytes, mediaType: assetContentType(source.mediaType) };
}

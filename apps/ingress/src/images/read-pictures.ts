import { LIMITS } from '@bytespike/kernel';
import {
  readImageEdit,
  readImageEditForm,
  readImageGeneration,
  type FormField,
  type ImageCall,
} from '@bytespike/media';
import { readBody as readJson } from '@bytespike/protocols';

import type { Exchange } from '../http/exchange.js';
import type { OpenExchanges } from '../http/open-exchanges.js';
import { readBody } from '../http/read-body.js';
import type { Timings } from '../http/timings.js';
import { isForm, readForm, type FormEntry, type KeepFile } from './read-form.js';

/** The two synchronous endpoints. */
export type ImagesRoute = 'generations' | 'edits';

/** What a request says, before a model was asked what it can do. */
export interface PicturesWish extends ImageCall {
  /** Everything that decides the answer: what tells a repeat from another request of the same name. */
  readonly identity: Uint8Array;
}

export interface ReadPorts {
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
  readonly timings: Timings;
}

const FORM_BYTES_IN_MEMORY = 1024 * 1024;

const READ_JSON = { generations: readImageGeneration, edits: readImageEdit } as const;

/** Reads a request for pictures; files of a form are put aside on the way. Errors: those of `readBody` and `readForm`. */
export async function readPictures(
  exchange: Exchange,
  route: ImagesRoute,
  keep: KeepFile,
  { exchanges, timings }: ReadPorts,
): Promise<PicturesWish> {
  const { request, response } = exchange;
  if (route === 'edits' && isForm(request)) {
    // Of a form as much is in memory as is on its way.
    exchanges.reserve(exchange, FORM_BYTES_IN_MEMORY);
    const entries = await readForm(request, response, keep, timings);
    return { ...readImageEditForm(entries.map(fieldOf)), identity: identityOf(entries) };
  }
  const body = await readBody(request, response, {
    bytesMax: LIMITS.textBodyBytesMax,
    timeoutMs: timings.bodyReadMs,
    reserve: (bytes) => exchanges.reserve(exchange, bytes),
  });
  return { ...READ_JSON[route](readJson(body.toString())), identity: body };
}

const fieldOf = (entry: FormEntry): FormField =>
  'text' in entry ? entry : { name: entry.name, file: entry.file.source };

/** A form is written anew with every repeat of it (its boundary is random), so it is known by what is in it. */
const identityOf = (entries: readonly FormEntry[]): Uint8Array =>
  Buffer.from(JSON.stringify(entries.map((entry) => [entry.name, 'text' in entry ? entry.text : entry.file.sha256])));

import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { invalidParam } from './invalid-param.js';
import type { ImageWish } from './image-request.js';
import type { MediaSource } from './media-source.js';
import { readEditWish, readImageWish } from './read-image-wish.js';
import type { Reading } from './spelled-fields.js';

/** What one of the two synchronous endpoints was asked for. */
export interface ImageCall extends Reading<ImageWish> {
  readonly model: string;
}

/** One field of a form: text, or a file that has been put aside. */
export type FormField =
  { readonly name: string; readonly text: string } | { readonly name: string; readonly file: MediaSource };

/** `POST /v1/images/generations`. With `source_image` it is an edit by another name (contract 10). */
export function readImageGeneration(body: JsonValue): ImageCall {
  const { model, rest } = split(body);
  return { model, ...readImageWish(rest, '') };
}

/** `POST /v1/images/edits` as JSON, with addresses or data URLs (contract 0.7). */
export function readImageEdit(body: JsonValue): ImageCall {
  const { model, rest } = split(body);
  return { model, ...readEditWish(rest) };
}

const IMAGE_FIELD = /^image(\[\d*\])?$/;

/** `POST /v1/images/edits` as OpenAI's form; its files are in the object store by now. */
export function readImageEditForm(form: readonly FormField[]): ImageCall {
  const images: MediaSource[] = [];
  let mask: MediaSource | undefined;
  const texts = new Map<string, string>();
  for (const field of form) {
    if ('text' in field) {
      if (texts.has(field.name)) throw invalidParam(field.name, 'is there twice');
      texts.set(field.name, field.text);
    } else if (IMAGE_FIELD.test(field.name)) images.push(field.file);
    else if (field.name === 'mask') {
      if (mask) throw invalidParam('mask', 'is there twice');
      mask = field.file;
    } else throw invalidParam(field.name, 'no file is expected there', ['image', 'image[]', 'mask']);
  }
  // Own members whatever their names: `__proto__` is an unknown field like any other.
  const { model, rest } = split(Object.fromEntries(texts));
  return { model, ...readEditWish(rest, { images, mask }) };
}

function split(body: JsonValue): { model: string; rest: JsonObject } {
  if (!isJsonObject(body)) throw invalidParam('body', 'give a JSON object');
  const { model, ...rest } = body;
  if (typeof model !== 'string' || model === '') throw invalidParam('model', 'name a model');
  return { model, rest };
}

import type { JsonObject, JsonValue } from '@bytespike/kernel';
import { z } from 'zod';

import { invalidParam } from './invalid-param.js';
import type { ImageWish } from './image-request.js';
import { readMediaSource, type MediaSource } from './media-source.js';
import { Aside, Prompt, Seed, WholeNumber, Word, YesOrNo } from './scalars.js';
import { parseSpelled, readSpelled, type Reading, type Spellings } from './spelled-fields.js';

const SPELLINGS = {
  prompt: ['prompt'],
  n: ['n'],
  size: ['size'],
  aspectRatio: ['aspect_ratio'],
  quality: ['quality'],
  style: ['style'],
  background: ['background'],
  moderation: ['moderation'],
  inputFidelity: ['input_fidelity'],
  format: ['output_format'],
  compression: ['output_compression'],
  seed: ['seed'],
  negativePrompt: ['negative_prompt'],
  images: ['image', 'images', 'source_image', 'image[]'],
  mask: ['mask'],
  stream: ['stream'],
  partials: ['partial_images'],
  responseFormat: ['response_format'],
} as const satisfies Spellings<keyof ImageWish>;

const Scalars = z.object({
  prompt: Prompt,
  n: WholeNumber.optional(),
  size: Word.optional(),
  aspectRatio: Word.optional(),
  quality: Word.optional(),
  style: Word.optional(),
  background: Word.optional(),
  moderation: z.enum(['low', 'auto']).optional(),
  inputFidelity: z.enum(['high', 'low']).optional(),
  format: Word.optional(),
  compression: WholeNumber.optional(),
  seed: Seed.optional(),
  negativePrompt: Aside.optional(),
  stream: YesOrNo.optional(),
  partials: WholeNumber.optional(),
  responseFormat: z.enum(['url', 'b64_json']).optional(),
});

/** Files of a form, which have been put aside before its fields are read. */
export interface FormFiles {
  readonly images: readonly MediaSource[];
  readonly mask: MediaSource | undefined;
}

const NO_FILES: FormFiles = { images: [], mask: undefined };

/** Pictures as wished in any of the accepted shapes; `at` is where its fields stand (`params.` or nothing). */
export function readImageWish(given: JsonObject, at: string, files: FormFiles = NO_FILES): Reading<ImageWish> {
  const fields = readSpelled<keyof ImageWish>(SPELLINGS, given, at);
  const { values, where } = fields;
  const scalars = parseSpelled(fields, Scalars);
  const { prompt, n, size, aspectRatio, quality, style, background, format, compression } = scalars;
  const { moderation, inputFidelity, seed, negativePrompt, stream, partials, responseFormat } = scalars;
  const mask = values.mask === undefined ? files.mask : readMediaSource(values.mask, where('mask'));
  const images = [...files.images, ...sources(values.images, where('images'))];
  const output = { background, moderation, inputFidelity, format, compression, stream, partials, responseFormat };
  return {
    wish: { prompt, n, size, aspectRatio, quality, style, seed, negativePrompt, images, mask, ...output },
    where,
  };
}

/** As `readImageWish`, for a request that must bring a picture to be changed. */
export function readEditWish(given: JsonObject, files: FormFiles = NO_FILES): Reading<ImageWish> {
  const reading = readImageWish(given, '', files);
  if (reading.wish.images.length === 0) throw invalidParam('image', 'give the picture to be edited');
  return reading;
}

function sources(value: JsonValue | undefined, param: string): readonly MediaSource[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [readMediaSource(value, param)];
  return (value as readonly JsonValue[]).map((one, index) => readMediaSource(one, `${param}.${index}`));
}

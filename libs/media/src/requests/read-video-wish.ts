import type { JsonObject, JsonValue } from '@bytespike/kernel';
import { z } from 'zod';

import { invalidParam } from './invalid-param.js';
import { readMediaSource, type MediaSource } from './media-source.js';
import { Aside, Prompt, Seed, WholeNumber, Word, YesOrNo } from './scalars.js';
import { parseSpelled, readSpelled, type Reading, type Spellings } from './spelled-fields.js';
import type { VideoWish } from './video-request.js';

/** Every spelling of the three documented shapes (contract C1, 9.7), and of the SDKs whose users move here. */
const SPELLINGS = {
  prompt: ['prompt'],
  seconds: ['duration_seconds', 'seconds', 'duration'],
  size: ['size'],
  resolution: ['resolution'],
  aspectRatio: ['aspect_ratio', 'ratio'],
  audio: ['audio', 'generate_audio'],
  seed: ['seed'],
  firstFrame: ['image_init', 'source_image', 'image', 'input_reference'],
  lastFrame: ['last_frame'],
  references: ['reference_images'],
  style: ['style_preset', 'style'],
  motion: ['motion_intensity', 'motion'],
  negativePrompt: ['negative_prompt'],
} as const satisfies Spellings<keyof VideoWish>;

const Scalars = z.object({
  prompt: Prompt,
  seconds: WholeNumber.optional(),
  size: Word.optional(),
  resolution: Word.optional(),
  aspectRatio: Word.optional(),
  audio: YesOrNo.optional(),
  seed: Seed.optional(),
  style: Word.optional(),
  motion: Word.optional(),
  negativePrompt: Aside.optional(),
});

/** A film as wished in any of the accepted shapes; `at` is where its fields stand (`params.` or nothing). */
export function readVideoWish(given: JsonObject, at: string): Reading<VideoWish> {
  const fields = readSpelled<keyof VideoWish>(SPELLINGS, given, at);
  const { values, where } = fields;
  const { prompt, seconds, size, resolution, aspectRatio, audio, seed, style, motion, negativePrompt } = parseSpelled(
    fields,
    Scalars,
  );
  const source = (field: 'firstFrame' | 'lastFrame'): MediaSource | undefined => {
    const value = values[field];
    return value === undefined ? undefined : readMediaSource(value, where(field));
  };
  return {
    wish: {
      prompt,
      seconds,
      size,
      resolution,
      aspectRatio,
      audio,
      seed,
      firstFrame: source('firstFrame'),
      lastFrame: source('lastFrame'),
      references: sources(values.references, where('references')),
      style,
      motion,
      negativePrompt,
    },
    where,
  };
}

function sources(value: JsonValue | undefined, param: string): readonly MediaSource[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidParam(param, 'give a list of addresses or data URLs');
  return (value as readonly JsonValue[]).map((one, index) => readMediaSource(one, `${param}.${index}`));
}

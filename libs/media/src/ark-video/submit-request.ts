import type { JsonObject } from '@bytespike/kernel';

import type { MediaAddressee } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { FrameInput, FrameRole, VideoRequest } from '../requests/video-request.js';
import { coverSeconds } from '../wire/cover-seconds.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type SubmitCall } from '../wire/vendor-call.js';
import { asAddress } from '../wire/wire-source.js';

export const TASKS = '/api/v3/contents/generations/tasks';

/** Every whole length between (media-ledger-reliability 1.4). */
const SECONDS = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const ROLES = {
  'first-frame': 'first_frame',
  'last-frame': 'last_frame',
  reference: 'reference_image',
} as const satisfies Record<FrameRole, string>;

export function submitRequest(asked: VideoRequest, to: MediaAddressee): SubmitCall {
  const { prompt, seconds, resolution, aspectRatio, images, style, motion, negativePrompt, audio, ...rest } = asked;
  const { seed, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;
  const text = saidInWords(prompt, { Style: style, Motion: motion, Avoid: negativePrompt });
  const sown = seedOf(asked, to);
  const json = {
    model: to.upstreamModel,
    content: [{ type: 'text', text }, ...images.map(image)],
    resolution,
    ratio: aspectRatio,
    duration: coverSeconds(SECONDS, seconds),
    watermark: false,
    ...(sown === undefined ? {} : { seed: sown }),
    ...(audio === undefined ? {} : { generate_audio: audio }),
  };
  return {
    call: {
      method: 'POST',
      path: TASKS,
      body: { type: 'json', json },
      repeat: 'never',
      answerBytesMax: MEDIA_LIMITS.statusBytesMax,
    },
    unsent: unsentOf({ seed: seed !== undefined && sown === undefined ? seed : undefined }),
  };
}

/** Where nobody cares for the seed it is our mark, because the vendor tells it back: a lost submit is found by it. */
export const seedOf = ({ seed }: VideoRequest, { mark }: MediaAddressee): number | undefined =>
  seed === undefined || seed < 0 ? mark : seed;

const image = ({ role, source }: FrameInput): JsonObject => ({
  type: 'image_url',
  image_url: { url: asAddress(source) },
  role: ROLES[role],
});

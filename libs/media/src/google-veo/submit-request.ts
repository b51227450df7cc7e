import type { JsonObject } from '@bytespike/kernel';

import type { MediaAddressee } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { FrameInput, VideoRequest } from '../requests/video-request.js';
import { coverSeconds } from '../wire/cover-seconds.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type SubmitCall } from '../wire/vendor-call.js';
import { inlined } from '../wire/wire-source.js';

const SECONDS = [4, 6, 8] as const;
/** Large frames, and films after reference images, are made in the full length only (vendor's page, 1.2). */
const FULL_LENGTH = 8;

export function submitRequest(asked: VideoRequest, { upstreamModel }: MediaAddressee): SubmitCall {
  const { prompt, seconds, resolution, aspectRatio, images, style, motion, negativePrompt, seed, audio, ...rest } =
    asked;
  rest satisfies Record<string, never>;
  const references = images.filter(({ role }) => role === 'reference');
  const isFullLength = resolution !== '720p' || references.length > 0;
  const instance = {
    prompt: saidInWords(prompt, { Style: style, Motion: motion }),
    ...frame(
      'image',
      images.find(({ role }) => role === 'first-frame'),
    ),
    ...frame(
      'lastFrame',
      images.find(({ role }) => role === 'last-frame'),
    ),
    ...(references.length > 0
      ? { referenceImages: references.map(({ source }) => ({ image: bytes(source), referenceType: 'asset' })) }
      : {}),
  };
  const parameters = {
    aspectRatio,
    durationSeconds: isFullLength ? FULL_LENGTH : coverSeconds(SECONDS, seconds),
    resolution,
    ...(negativePrompt === undefined ? {} : { negativePrompt }),
    ...(seed === undefined || seed < 0 ? {} : { seed }),
  };
  return {
    call: {
      method: 'POST',
      path: `/v1beta/models/${upstreamModel}:predictLongRunning`,
      body: { type: 'json', json: { instances: [instance], parameters } },
      repeat: 'never',
      answerBytesMax: MEDIA_LIMITS.statusBytesMax,
    },
    // This wire has no switch for sound; models that have it use it.
    unsent: unsentOf({ audio: audio === false ? audio : undefined }),
  };
}

/** The guide shows `inlineData`; what the SDK sends is what the service takes (media-ledger-reliability 1.2). */
const bytes = (source: FrameInput['source']): JsonObject => {
  const { base64, mediaType } = inlined(source);
  return { bytesBase64Encoded: base64, mimeType: mediaType };
};

const frame = (name: 'image' | 'lastFrame', input: FrameInput | undefined): JsonObject =>
  input ? { [name]: bytes(input.source) } : {};

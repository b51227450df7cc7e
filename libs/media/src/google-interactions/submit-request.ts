import type { JsonObject } from '@bytespike/kernel';

import type { MediaAddressee } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { FrameInput, VideoRequest } from '../requests/video-request.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type SubmitCall } from '../wire/vendor-call.js';
import { inlined } from '../wire/wire-source.js';

export function submitRequest(asked: VideoRequest, { upstreamModel }: MediaAddressee): SubmitCall {
  const { prompt, seconds, resolution, aspectRatio, images, style, motion, negativePrompt, seed, audio, ...rest } =
    asked;
  rest satisfies Record<string, never>;
  const text = saidInWords(prompt, { Style: style, Motion: motion, Avoid: negativePrompt });
  const json = {
    model: upstreamModel,
    input: [{ type: 'text', text }, ...images.map(image)],
    background: true,
    generation_config: { video_config: { task: taskOf(images) } },
    // An address, so that no film comes inside a poll's answer.
    response_format: {
      type: 'video',
      aspect_ratio: aspectRatio,
      duration: `${seconds}s`,
      resolution,
      delivery: 'uri',
    },
  };
  return {
    call: {
      method: 'POST',
      path: '/v1beta/interactions',
      body: { type: 'json', json },
      repeat: 'never',
      answerBytesMax: MEDIA_LIMITS.inlineStatusBytesMax,
    },
    unsent: unsentOf({ seed, audio: audio === false ? audio : undefined }),
  };
}

const image = ({ source }: FrameInput): JsonObject => {
  const { mediaType, base64 } = inlined(source);
  return { type: 'image', mime_type: mediaType, data: base64 };
};

function taskOf(images: readonly FrameInput[]): string {
  if (images.length === 0) return 'text_to_video';
  return images.some(({ role }) => role === 'reference') ? 'reference_to_video' : 'image_to_video';
}

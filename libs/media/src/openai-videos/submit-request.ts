import type { MediaAddressee } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { FrameRatio, Resolution, VideoRequest } from '../requests/video-request.js';
import { coverSeconds } from '../wire/cover-seconds.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type SubmitCall } from '../wire/vendor-call.js';
import { asAddress } from '../wire/wire-source.js';

/** The vendor's guide; its SDK's types name the first three (media-ledger-reliability 1.1). */
const SECONDS = [4, 8, 12, 16, 20] as const;

const HD = { '16:9': '1280x720', '9:16': '720x1280' } as const;
const FULL_HD = { '16:9': '1920x1080', '9:16': '1080x1920' } as const;

export function submitRequest(asked: VideoRequest, { upstreamModel }: MediaAddressee): SubmitCall {
  const { prompt, seconds, resolution, aspectRatio, images, style, motion, negativePrompt, seed, audio, ...rest } =
    asked;
  rest satisfies Record<string, never>;
  const [frame] = images;
  const json = {
    model: upstreamModel,
    prompt: saidInWords(prompt, { Style: style, Motion: motion, Avoid: negativePrompt }),
    // A string on this wire.
    seconds: String(coverSeconds(SECONDS, seconds)),
    size: sizeOf(resolution, aspectRatio),
    ...(frame ? { input_reference: { image_url: asAddress(frame.source) } } : {}),
  };
  return {
    call: {
      method: 'POST',
      path: '/v1/videos',
      body: { type: 'json', json },
      repeat: 'never',
      answerBytesMax: MEDIA_LIMITS.statusBytesMax,
    },
    // Its films have sound whether or not it was asked for.
    unsent: unsentOf({ seed, audio: audio === false ? audio : undefined }),
  };
}

function sizeOf(resolution: Resolution, ratio: FrameRatio): string {
  const sizes: Partial<Record<FrameRatio, string>> = resolution === '1080p' ? FULL_HD : HD;
  return sizes[ratio] ?? HD['16:9'];
}

import { LIMITS } from '@bytespike/kernel';

import type { MediaAddressee } from '../media-vendor.js';
import { pixelsOf, type ImageRequest, type PictureSize } from '../requests/image-request.js';
import { inlineBytes } from '../units/inline-bytes.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type SubmitCall } from '../wire/vendor-call.js';
import { inlined } from '../wire/wire-source.js';

/** Our sizes as this wire says them: a ratio, and how large. The smallest is what an absent size means. */
const FRAMES: Readonly<Record<PictureSize, { readonly ratio: string; readonly size?: string }>> = {
  '1024x1024': { ratio: '1:1' },
  '1024x1536': { ratio: '2:3' },
  '1536x1024': { ratio: '3:2' },
  '2048x2048': { ratio: '1:1', size: '2K' },
  '2048x1536': { ratio: '4:3', size: '2K' },
  '1536x2048': { ratio: '3:4', size: '2K' },
  '4096x4096': { ratio: '1:1', size: '4K' },
};

/** No ratio makes a picture of such a size larger. */
const LARGEST: Readonly<Record<string, PictureSize>> = { '1K': '1536x1024', '2K': '2048x2048', '4K': '4096x4096' };

/** One call draws one picture; more are as many calls (`requestsPerCall`). */
export function submitRequest(asked: ImageRequest, { upstreamModel }: MediaAddressee): SubmitCall {
  const { prompt, n, size, aspectRatio, quality, style, images, seed, negativePrompt, ...others } = asked;
  const { background, moderation, inputFidelity, format, compression, mask, partials, ...rest } = others;
  const { responseFormat, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;
  responseFormat satisfies 'url' | 'b64_json';
  const frame = FRAMES[size];
  const ratio = aspectRatio ?? frame?.ratio;
  const imageSize = frame?.size ?? (quality === 'hd' ? '2K' : undefined);
  const text = saidInWords(prompt, { Style: style, Avoid: negativePrompt });
  const parts = images.map((source) => {
    const { mediaType, base64 } = inlined(source);
    return { inlineData: { mimeType: mediaType, data: base64 } };
  });
  const generationConfig = {
    responseModalities: ['TEXT', 'IMAGE'],
    ...(seed === undefined || seed < 0 ? {} : { seed }),
    imageConfig: { ...(ratio ? { aspectRatio: ratio } : {}), ...(imageSize ? { imageSize } : {}) },
  };
  return {
    call: {
      method: 'POST',
      path: `/v1beta/models/${upstreamModel}:generateContent`,
      body: { type: 'json', json: { contents: [{ role: 'user', parts: [{ text }, ...parts] }], generationConfig } },
      repeat: 'never',
      answerBytesMax: LIMITS.vendorBodyBytesMax,
    },
    unsent: unsentOf({
      n: n > 1 ? n : undefined,
      background,
      moderation,
      inputFidelity,
      format: format === 'png' ? undefined : format,
      compression,
      mask,
      partials,
    }),
    inlineBytes: inlineBytes(1, pixelsOf(LARGEST[imageSize ?? '1K'] ?? size)),
  };
}

import { LIMITS } from '@bytespike/kernel';

import type { MediaAddressee } from '../media-vendor.js';
import type { ImageRequest } from '../requests/image-request.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type SubmitCall } from '../wire/vendor-call.js';
import { asAddress } from '../wire/wire-source.js';

export function submitRequest(asked: ImageRequest, { upstreamModel }: MediaAddressee): SubmitCall {
  const { prompt, n, size, style, images, seed, negativePrompt, ...others } = asked;
  const { aspectRatio, quality, background, format, compression, mask, partials, ...rest } = others;
  const { moderation, inputFidelity, responseFormat, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;
  responseFormat satisfies 'url' | 'b64_json';
  const sources = images.map(asAddress);
  const json = {
    model: upstreamModel,
    prompt: saidInWords(prompt, { Style: style, Avoid: negativePrompt, Pictures: n > 1 ? String(n) : undefined }),
    size,
    ...(sources.length === 0 ? {} : { image: sources.length === 1 ? (sources[0] ?? '') : sources }),
    ...(seed === undefined ? {} : { seed }),
    // Several pictures of one call are a sequence to this vendor, which draws so many at most and may draw fewer.
    ...(n > 1
      ? { sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: n } }
      : { sequential_image_generation: 'disabled' }),
    // Addresses: pictures of this size inside JSON are a third larger.
    response_format: 'url',
    watermark: false,
  };
  return {
    call: {
      method: 'POST',
      path: '/api/v3/images/generations',
      body: { type: 'json', json },
      repeat: 'never',
      answerBytesMax: LIMITS.vendorBodyBytesMax,
    },
    unsent: unsentOf({
      aspectRatio,
      quality,
      background,
      moderation,
      inputFidelity,
      format: format === 'jpeg' ? undefined : format,
      compression,
      mask,
      partials,
    }),
  };
}

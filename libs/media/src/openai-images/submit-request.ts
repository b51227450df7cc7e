import { LIMITS, type JsonObject } from '@bytespike/kernel';

import type { MediaAddressee } from '../media-vendor.js';
import { pixelsOf, type ImageRequest } from '../requests/image-request.js';
import type { MediaSource } from '../requests/media-source.js';
import { inlineBytes } from '../units/inline-bytes.js';
import { saidInWords } from '../wire/said-in-words.js';
import { unsentOf, type FormPart, type SubmitCall, type VendorBody } from '../wire/vendor-call.js';

/** Pictures from words go as JSON; pictures from pictures as a form, whose files are streamed. */
export function submitRequest(asked: ImageRequest, { upstreamModel }: MediaAddressee): SubmitCall {
  const { prompt, n, size, quality, style, background, format, compression, images, mask, partials, ...others } = asked;
  const { aspectRatio, seed, negativePrompt, responseFormat, ...unhandled } = others;
  unhandled satisfies Record<string, never>;
  // Answers are base64 whatever the caller wants of us (media-ledger-reliability 1.5).
  responseFormat satisfies 'url' | 'b64_json';
  const fields = {
    model: upstreamModel,
    // These models have no field for a style; `natural` is how they draw anyway.
    prompt: saidInWords(prompt, { Style: style === 'vivid' ? style : undefined }),
    n,
    size,
    ...(quality === undefined ? {} : { quality }),
    ...(background === undefined ? {} : { background }),
    output_format: format,
    ...(compression === undefined ? {} : { output_compression: compression }),
    ...(partials === undefined ? {} : { stream: true, partial_images: partials }),
  };
  const isEdit = images.length > 0;
  return {
    call: {
      method: 'POST',
      path: isEdit ? '/v1/images/edits' : '/v1/images/generations',
      body: isEdit ? form(fields, images, mask) : { type: 'json', json: fields },
      repeat: 'never',
      answerBytesMax: LIMITS.vendorBodyBytesMax,
    },
    unsent: unsentOf({ aspectRatio, seed, negativePrompt }),
    inlineBytes: inlineBytes(n, pixelsOf(size)),
  };
}

function form(fields: JsonObject, images: readonly MediaSource[], mask: MediaSource | undefined): VendorBody {
  const texts = Object.entries(fields).map(([name, value]): FormPart => ({ name, text: String(value) }));
  const files = images.map((file, index): FormPart => ({ name: 'image[]', filename: filename(file, index + 1), file }));
  return {
    type: 'form',
    parts: [...texts, ...files, ...(mask ? [{ name: 'mask', filename: filename(mask, 'mask'), file: mask }] : [])],
  };
}

const EXTENSIONS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/webp': 'webp' };

/** The vendor judges a file by the end of its name. */
function filename(file: MediaSource, name: string | number): string {
  const mediaType = file.type === 'address' ? '' : file.mediaType;
  return `${name}.${EXTENSIONS[mediaType] ?? 'png'}`;
}

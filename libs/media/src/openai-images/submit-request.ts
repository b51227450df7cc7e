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
  const { aspectRatio, seed, negativePrompt, moderation, inputFidelity, responseFormat, ...unhandled } = others;
  unhandled satisfies Record<string, never>;
  // Answers are base64 whatever the caller wants of us (media-ledger-reliability 1.5).
  responseFormat satisfies 'url' | 'b64_json';
  const isEdit = images.length > 0;
  const judged = isEdit ? undefined : moderation;
  const fidelity = fidelityFor(upstreamModel, inputFidelity);
  const fields = {
    model: upstreamModel,
    // These models have no field for a style; `natural` is how they draw anyway.
    prompt: saidInWords(prompt, { Style: style === 'vivid' ? style : undefined }),
    n,
    size,
    ...(quality === undefined ? {} : { quality }),
    ...(background === undefined ? {} : { background }),
    ...(judged === undefined ? {} : { moderation: judged }),
    ...(fidelity === undefined ? {} : { input_fidelity: fidelity }),
    output_format: format,
    ...(compression === undefined ? {} : { output_compression: compression }),
    ...(partials === undefined ? {} : { stream: true, partial_images: partials }),
  };
  return {
    call: {
      method: 'POST',
      path: isEdit ? '/v1/images/edits' : '/v1/images/generations',
      body: isEdit ? form(fields, images, mask) : { type: 'json', json: fields },
      repeat: 'never',
      answerBytesMax: LIMITS.vendorBodyBytesMax,
    },
    unsent: unsentOf({
      aspectRatio,
      // Edits have no such field.
      moderation: judged === undefined ? moderation : undefined,
      inputFidelity: fidelity === undefined ? inputFidelity : undefined,
      seed,
      negativePrompt,
    }),
    inlineBytes: inlineBytes(n, pixelsOf(size)),
  };
}

/** The older models have the field, the smallest in part; the newer ones are always faithful and must not be told so. */
function fidelityFor(upstreamModel: string, wanted: ImageRequest['inputFidelity']): ImageRequest['inputFidelity'] {
  const takes = upstreamModel.startsWith('gpt-image-1-mini')
    ? wanted === 'low'
    : upstreamModel.startsWith('gpt-image-1');
  return takes ? wanted : undefined;
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

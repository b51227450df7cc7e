import { MEDIA_LIMITS } from '../media-limits.js';
import type { ImageRequest, ImageWish, PictureFormat, PictureSize } from '../requests/image-request.js';
import { invalidParam, oneOf } from '../requests/invalid-param.js';
import type { Reading } from '../requests/spelled-fields.js';
import { promptTooLong } from './fit-video.js';
import type { ImageModel } from './image-model.js';

/**
 * A wish as the model can fulfil it: defaults filled in, the model pages' spellings told apart (contract C19), and
 * what the model cannot do refused with what it can, before any money is held.
 */
export function fitImage(reading: Reading<ImageWish>, model: ImageModel): ImageRequest {
  const { wish, where } = reading;
  if (wish.prompt.length > MEDIA_LIMITS.promptCharactersMax) throw promptTooLong(where('prompt'));
  if (wish.size !== undefined && wish.aspectRatio !== undefined)
    throw invalidParam(where('aspectRatio'), `give it or ${where('size')}, not both`);
  const format = formatOf(wish.format, where('format'), model);
  return {
    prompt: wish.prompt,
    n: within(wish.n ?? 1, [1, model.picturesMax], where('n')),
    size: sizeOf(wish.size, where('size'), model),
    aspectRatio: given(wish.aspectRatio, (ratio) => oneOf(model.aspectRatios ?? [], ratio, where('aspectRatio'))),
    quality: qualityOf(wish.quality, where('quality'), model),
    style: given(wish.style, (style) => oneOf(model.styles ?? [], style, where('style'))),
    background: given(wish.background, (word) => oneOf(model.backgrounds ?? [], word, where('background'))),
    moderation: wish.moderation,
    inputFidelity: fidelityOf(reading),
    format,
    compression: compressionOf(reading, format),
    seed: taken(wish.seed, where('seed'), model.seed),
    negativePrompt: taken(wish.negativePrompt, where('negativePrompt'), model.negativePrompt),
    images: imagesOf(reading, model),
    mask: maskOf(reading, model),
    partials: partialsOf(reading, model),
    responseFormat: wish.responseFormat ?? 'url',
  };
}

const given = <In, Out>(value: In | undefined, judge: (value: In) => Out): Out | undefined =>
  value === undefined ? undefined : judge(value);

function within(value: number, [min, max]: readonly [number, number], param: string): number {
  if (value < min || value > max) throw invalidParam(param, `the model does not take ${value}`, [`${min} to ${max}`]);
  return value;
}

function taken<Value>(value: Value | undefined, param: string, does: 'taken' | 'refused'): Value | undefined {
  if (value !== undefined && does === 'refused') throw invalidParam(param, 'the model has no such parameter');
  return value;
}

/** How clients of the vendors leave the choice to the model. */
const AUTO = 'auto';

function sizeOf(size: string | undefined, param: string, { sizes, pageSizes }: ImageModel): PictureSize {
  if (size === undefined || size === AUTO) return sizes[0];
  const own = sizes.find((one) => one === size) ?? (Object.hasOwn(pageSizes, size) ? pageSizes[size] : undefined);
  return own ?? oneOf(sizes, size, param);
}

/** `standard` and `auto` ask for nothing special, so a model without qualities takes them too (contract C19). */
const NOTHING_SPECIAL: readonly string[] = ['standard', AUTO];

function qualityOf(quality: string | undefined, param: string, model: ImageModel): string | undefined {
  const { qualities, pageQualities = {} } = model;
  if (quality === undefined || (qualities.length === 0 && NOTHING_SPECIAL.includes(quality))) return qualities[0];
  const word = Object.hasOwn(pageQualities, quality) ? pageQualities[quality] : quality;
  return oneOf(qualities, word ?? quality, param);
}

function formatOf(format: string | undefined, param: string, { formats }: ImageModel): PictureFormat {
  if (format === undefined) return formats[0];
  return oneOf(formats, format === 'jpg' ? 'jpeg' : format, param);
}

function compressionOf({ wish, where }: Reading<ImageWish>, format: PictureFormat): number | undefined {
  if (wish.compression === undefined) return undefined;
  const percent = within(wish.compression, [0, 100], where('compression'));
  if (format === 'png' && percent !== 100)
    throw invalidParam(where('compression'), 'png loses nothing; ask for jpeg or webp');
  return format === 'png' ? undefined : percent;
}

function imagesOf({ wish: { images }, where }: Reading<ImageWish>, { imagesMax }: ImageModel): ImageWish['images'] {
  if (images.length > imagesMax)
    throw invalidParam(
      where('images'),
      imagesMax === 0 ? 'the model takes no image' : `the model takes at most ${imagesMax}`,
    );
  return images;
}

function fidelityOf({ wish, where }: Reading<ImageWish>): ImageRequest['inputFidelity'] {
  if (wish.inputFidelity !== undefined && wish.images.length === 0)
    throw invalidParam(where('inputFidelity'), `needs ${where('images')} beside it`);
  return wish.inputFidelity;
}

function maskOf({ wish, where }: Reading<ImageWish>, model: ImageModel): ImageWish['mask'] {
  if (wish.mask && wish.images.length === 0) throw invalidParam(where('mask'), `needs ${where('images')} beside it`);
  return taken(wish.mask, where('mask'), model.mask);
}

function partialsOf({ wish, where }: Reading<ImageWish>, { partialsMax }: ImageModel): number | undefined {
  if (wish.stream !== true) {
    if (wish.partials === undefined || wish.partials === 0) return undefined;
    throw invalidParam(where('partials'), `needs ${where('stream')}: true`);
  }
  if (partialsMax === 0) throw invalidParam(where('stream'), 'the model sends no pictures on the way', [false]);
  return within(wish.partials ?? 0, [0, partialsMax], where('partials'));
}

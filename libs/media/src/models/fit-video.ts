import { GatewayError } from '@bytespike/kernel';

import { MEDIA_LIMITS } from '../media-limits.js';
import { invalidParam, oneOf } from '../requests/invalid-param.js';
import type { Reading } from '../requests/spelled-fields.js';
import type {
  FrameInput,
  FrameRatio,
  FrameRole,
  Resolution,
  VideoRequest,
  VideoWish,
} from '../requests/video-request.js';
import type { VideoModel } from './video-model.js';

/**
 * A wish as the model can fulfil it: defaults filled in, everything else judged. What the model cannot do is refused
 * with what it can, in the client's own words and before any money is held (contract 9.8).
 */
export function fitVideo({ wish, where }: Reading<VideoWish>, model: VideoModel): VideoRequest {
  if (wish.prompt.length > MEDIA_LIMITS.promptCharactersMax) throw promptTooLong(where('prompt'));
  const { resolution, aspectRatio } = frameOf({ wish, where }, model);
  return {
    prompt: wish.prompt,
    seconds: lengthOf(wish.seconds, where('seconds'), model),
    resolution,
    aspectRatio,
    audio: audioOf(wish.audio, where('audio'), model),
    seed: wish.seed,
    images: imagesOf({ wish, where }, model),
    style: wordOf(wish.style, where('style'), model.styles),
    motion: wordOf(wish.motion, where('motion'), model.motions),
    negativePrompt: wish.negativePrompt,
  };
}

/** Too long a prompt is told as such (contract 6.2). */
export const promptTooLong = (param: string): GatewayError =>
  new GatewayError('too-large', `${param}: longer than ${MEDIA_LIMITS.promptCharactersMax} characters`, {
    details: { param },
  });

function lengthOf(seconds: number | undefined, param: string, { seconds: can }: VideoModel): number {
  const asked = seconds ?? can.usual;
  const also = can.also ?? [];
  if ((asked >= can.min && asked <= can.max) || also.includes(asked)) return asked;
  throw invalidParam(param, `the model does not make ${asked} seconds`, [`${can.min} to ${can.max}`, ...also]);
}

/** The sizes of the model pages (contract 9.7) in the words of the reference. */
const SIZES: Readonly<Record<string, readonly [Resolution, FrameRatio]>> = {
  '1280x720': ['720p', '16:9'],
  '720x1280': ['720p', '9:16'],
  '720x720': ['720p', '1:1'],
  '1920x1080': ['1080p', '16:9'],
  '1080x1920': ['1080p', '9:16'],
  '1080x1080': ['1080p', '1:1'],
  '1792x1024': ['1080p', '16:9'],
  '1024x1792': ['1080p', '9:16'],
};

function frameOf(
  { wish, where }: Reading<VideoWish>,
  { resolutions, aspectRatios }: VideoModel,
): { resolution: Resolution; aspectRatio: FrameRatio } {
  const { size } = wish;
  const known = size === undefined ? undefined : SIZES[size.toLowerCase()];
  if (size !== undefined && !(known && resolutions.includes(known[0]) && aspectRatios.includes(known[1])))
    throw invalidParam(
      where('size'),
      'the model does not make films of this size',
      sizesWithin(resolutions, aspectRatios),
    );
  const resolution = oneOf(
    resolutions,
    wish.resolution?.toLowerCase() ?? known?.[0] ?? resolutions[0],
    where('resolution'),
  );
  const aspectRatio = oneOf(aspectRatios, wish.aspectRatio ?? known?.[1] ?? aspectRatios[0], where('aspectRatio'));
  if (known && known[0] !== resolution) throw invalidParam(where('size'), `is not ${resolution}`);
  if (known && known[1] !== aspectRatio) throw invalidParam(where('size'), `is not ${aspectRatio}`);
  return { resolution, aspectRatio };
}

const sizesWithin = (resolutions: readonly Resolution[], ratios: readonly FrameRatio[]): readonly string[] =>
  Object.entries(SIZES)
    .filter(([, [resolution, ratio]]) => resolutions.includes(resolution) && ratios.includes(ratio))
    .map(([size]) => size);

const SOUND = { never: [false], optional: [true, false], always: [true] } as const;

function audioOf(audio: boolean | undefined, param: string, model: VideoModel): boolean | undefined {
  if (audio === undefined || SOUND[model.audio].some((one) => one === audio)) return audio;
  throw invalidParam(param, audio ? 'the model makes no sound' : 'the model always adds sound', SOUND[model.audio]);
}

function imagesOf({ wish, where }: Reading<VideoWish>, model: VideoModel): readonly FrameInput[] {
  const { firstFrame, lastFrame, references } = wish;
  const images: readonly FrameInput[] = [
    ...(firstFrame ? [{ role: 'first-frame', source: firstFrame } as const] : []),
    ...(lastFrame ? [{ role: 'last-frame', source: lastFrame } as const] : []),
    ...references.map((source) => ({ role: 'reference', source }) as const),
  ];
  for (const [role, field] of ROLES) {
    const [count, most] = [images.filter((image) => image.role === role).length, model.images[role] ?? 0];
    if (count > most)
      throw invalidParam(
        where(field),
        most === 0 ? 'the model takes no image here' : `the model takes at most ${most}`,
      );
  }
  if (lastFrame && !firstFrame) throw invalidParam(where('lastFrame'), `needs ${where('firstFrame')} beside it`);
  if (references.length > 0 && (firstFrame || lastFrame))
    throw invalidParam(where('references'), 'frames and references cannot be combined');
  return images;
}

const ROLES = [
  ['first-frame', 'firstFrame'],
  ['last-frame', 'lastFrame'],
  ['reference', 'references'],
] as const satisfies readonly (readonly [FrameRole, keyof VideoWish])[];

/** `none` is how a preset is left out. */
const LEFT_OUT = 'none';

function wordOf(word: string | undefined, param: string, allowed: readonly string[] | undefined): string | undefined {
  if (word === undefined) return undefined;
  const chosen = oneOf(allowed ?? [], word.toLowerCase(), param);
  return chosen === LEFT_OUT ? undefined : chosen;
}

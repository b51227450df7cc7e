import fc from 'fast-check';

import { FRAME_RATIOS, RESOLUTIONS } from '@bytespike/contracts';
import { film, pictures } from '../testing/asked.js';
import { refusalOf } from '../testing/refusal-of.js';
import { estimatedImageSeconds, estimatedVideoSeconds } from './estimated-seconds.js';
import { IMAGE_MODELS, VIDEO_MODELS } from '../registry.js';

const PICTURE = 'https://a.example/b.png';

describe('a film', () => {
  it.each([
    { model: 'sora-2', params: {}, fits: { seconds: 5, resolution: '720p', aspectRatio: '16:9' } },
    { model: 'sora-2', params: { seconds: 15 }, fits: { seconds: 15 } },
    { model: 'sora-2-pro', params: { style_preset: 'Anime' }, fits: { resolution: '1080p', style: 'anime' } },
    { model: 'sora-2-pro', params: { style_preset: 'none' }, fits: { style: undefined } },
    { model: 'veo-3.1', params: { size: '1280x720' }, fits: { resolution: '720p', aspectRatio: '16:9' } },
    { model: 'veo-3.1', params: { size: '1080x1920' }, fits: { resolution: '1080p', aspectRatio: '9:16' } },
    { model: 'veo-3.1', params: { audio: true }, fits: { audio: true } },
    { model: 'seedance-1.5-pro', params: { motion_intensity: 'low', aspect_ratio: '1:1' }, fits: { motion: 'low' } },
    {
      model: 'veo-3.1',
      params: { image: PICTURE, last_frame: PICTURE },
      fits: {
        images: [
          { role: 'first-frame', source: { type: 'address', url: PICTURE } },
          { role: 'last-frame', source: { type: 'address', url: PICTURE } },
        ],
      },
    },
  ])('of $model with $params fits', ({ model, params, fits }) => {
    expect(film(model, params)).toMatchObject(fits);
  });

  it.each([
    { model: 'sora-2', params: { seconds: 11 }, param: 'params.seconds', says: '(allowed: 1 to 10, 15)' },
    { model: 'veo-3.1-fast', params: { duration: 10 }, param: 'params.duration', says: '(allowed: 1 to 5)' },
    { model: 'veo-3.1-fast', params: { resolution: '1080p' }, param: 'params.resolution', says: '(allowed: 720p)' },
    {
      model: 'veo-3.1-fast',
      params: { size: '1920x1080' },
      param: 'params.size',
      says: '(allowed: 1280x720, 720x1280)',
    },
    { model: 'veo-3.1-fast', params: { audio: true }, param: 'params.audio', says: '(allowed: false)' },
    { model: 'veo-3.1', params: { audio: false }, param: 'params.audio', says: '(allowed: true)' },
    { model: 'veo-3.1', params: { aspect_ratio: '1:1' }, param: 'params.aspect_ratio', says: '(allowed: 16:9, 9:16)' },
    { model: 'veo-3.1', params: { size: '720p' }, param: 'params.size', says: 'does not make films of this size' },
    { model: 'veo-3.1', params: { size: '1280x720', resolution: '1080p' }, param: 'params.size', says: 'is not 1080p' },
    { model: 'veo-3.1', params: { size: '1280x720', aspect_ratio: '9:16' }, param: 'params.size', says: 'is not 9:16' },
    { model: 'sora-2', params: { style_preset: 'anime' }, param: 'params.style_preset', says: '(allowed: none)' },
    { model: 'seedance-1.5-pro', params: { motion: 'wild' }, param: 'params.motion', says: 'low, medium, high' },
    { model: 'sora-2', params: { last_frame: PICTURE }, param: 'params.last_frame', says: 'takes no image here' },
    { model: 'veo-3.1', params: { last_frame: PICTURE }, param: 'params.last_frame', says: 'needs params.image_init' },
    {
      model: 'veo-3.1',
      params: { image: PICTURE, reference_images: [PICTURE] },
      param: 'params.reference_images',
      says: 'cannot be combined',
    },
    {
      model: 'veo-3.1',
      params: { reference_images: [PICTURE, PICTURE, PICTURE, PICTURE] },
      param: 'params.reference_images',
      says: 'at most 3',
    },
  ])('of $model with $params is refused', ({ model, params, param, says }) => {
    expect(refusalOf(() => film(model, params))).toEqual({
      kind: 'invalid-request',
      message: expect.stringContaining(says),
      param,
    });
  });

  it('with too long a prompt is too large', () => {
    const params = { prompt: 'x'.repeat(32_001) };
    expect(refusalOf(() => film('sora-2', params))).toMatchObject({ kind: 'too-large', param: 'params.prompt' });
  });

  it('takes longer to make when it is longer', () => {
    const estimate = (seconds: number) => estimatedVideoSeconds(VIDEO_MODELS['sora-2']!, film('sora-2', { seconds }));
    expect([estimate(1), estimate(5), estimate(10)]).toEqual([18, 90, 180]);
  });
});

const among = <Value>(values: readonly Value[]) => fc.constantFrom<Value | undefined>(undefined, ...values);
const wishes = fc.record({
  seconds: fc.option(fc.integer({ min: -1, max: 30 }), { nil: undefined }),
  resolution: among([...RESOLUTIONS, '8k']),
  aspect_ratio: among([...FRAME_RATIOS, '2:1']),
  size: among(['1280x720', '1080x1920', '1080x1080', '640x480']),
  audio: among([true, false]),
  n: fc.option(fc.integer({ min: -1, max: 30 }), { nil: undefined }),
});

/** What fits, or nothing where it was refused in our own words. */
function fitted<Request>(fit: () => Request): readonly Request[] {
  return refusalOf(fit) === 'none' ? [fit()] : [];
}

describe('whatever is wished', () => {
  it.each(Object.entries(VIDEO_MODELS))('what fits %s is in its row', (model, row) => {
    fc.assert(
      fc.property(wishes, ({ n: _, ...params }) => {
        const { min, max, also = [] } = row.seconds;
        const strays = fitted(() => film(model, params)).filter(
          ({ seconds, resolution, aspectRatio }) =>
            !row.resolutions.includes(resolution) ||
            !row.aspectRatios.includes(aspectRatio) ||
            !((seconds >= min && seconds <= max) || also.includes(seconds)),
        );
        expect(strays).toEqual([]);
      }),
    );
  });

  it.each(Object.entries(IMAGE_MODELS))('what fits %s is in its row', (model, row) => {
    fc.assert(
      fc.property(wishes, ({ n, size }) => {
        const strays = fitted(() => pictures(model, { n, size })).filter(
          (request) => !row.sizes.includes(request.size) || request.n !== (n ?? 1) || request.n > row.picturesMax,
        );
        expect(strays).toEqual([]);
      }),
    );
  });
});

describe('pictures', () => {
  it.each([
    { model: 'gpt-image-2', params: {}, fits: { n: 1, size: '1024x1024', quality: 'medium', format: 'png' } },
    {
      model: 'gpt-image-2',
      params: { size: '1792x1024', quality: 'hd' },
      fits: { size: '1536x1024', quality: 'high' },
    },
    {
      model: 'gpt-image-2',
      params: { size: 'auto', quality: 'standard' },
      fits: { size: '1024x1024', quality: 'medium' },
    },
    { model: 'gpt-image-2', params: { stream: true, partial_images: 3 }, fits: { partials: 3 } },
    { model: 'gpt-image-2', params: { stream: false }, fits: { partials: undefined, responseFormat: 'url' } },
    {
      model: 'gpt-image-2',
      params: { output_format: 'jpg', output_compression: 40 },
      fits: { format: 'jpeg', compression: 40 },
    },
    { model: 'nano-banana', params: { aspect_ratio: '16:9', seed: '7' }, fits: { aspectRatio: '16:9', seed: 7 } },
    { model: 'nano-banana', params: { quality: 'standard' }, fits: { quality: undefined } },
    { model: 'nano-banana-v2', params: {}, fits: { size: '2048x2048', quality: 'standard' } },
    { model: 'seedream-4', params: { size: '1024x1792' }, fits: { size: '1024x1792', format: 'jpeg' } },
    { model: 'seedream-4.5', params: { size: '1024x1792', negative_prompt: 'fog' }, fits: { size: '1024x2048' } },
  ])('of $model with $params fit', ({ model, params, fits }) => {
    expect(pictures(model, params)).toMatchObject(fits);
  });

  it.each([
    { model: 'gpt-image-2', params: { n: 5 }, param: 'n', says: '(allowed: 1 to 4)' },
    { model: 'gpt-image-2', params: { n: 0 }, param: 'n', says: '(allowed: 1 to 4)' },
    { model: 'seedream-v5lite', params: { size: '512x512' }, param: 'size', says: '1024x1024, 1024x1536, 1536x1024' },
    { model: 'gpt-image-2', params: { quality: 'best' }, param: 'quality', says: 'medium, low, high, auto' },
    { model: 'seedream-4', params: { quality: 'hd' }, param: 'quality', says: '(allowed: none)' },
    { model: 'gpt-image-2', params: { seed: 1 }, param: 'seed', says: 'no such parameter' },
    { model: 'gpt-image-2', params: { output_format: 'gif' }, param: 'output_format', says: 'png, webp, jpeg' },
    {
      model: 'gpt-image-2',
      params: { output_compression: 50 },
      param: 'output_compression',
      says: 'png loses nothing',
    },
    { model: 'gpt-image-2', params: { partial_images: 2 }, param: 'partial_images', says: 'needs stream: true' },
    { model: 'gpt-image-2', params: { stream: true, partial_images: 4 }, param: 'partial_images', says: '0 to 3' },
    { model: 'seedream-4', params: { stream: true }, param: 'stream', says: '(allowed: false)' },
    { model: 'nano-banana', params: { image: PICTURE }, param: 'image', says: 'takes no image' },
    { model: 'gpt-image-2', params: { mask: PICTURE }, param: 'mask', says: 'needs image beside it' },
    {
      model: 'gpt-image-2',
      params: { input_fidelity: 'high' },
      param: 'input_fidelity',
      says: 'needs image beside it',
    },
    { model: 'seedream-4', params: { image: PICTURE, mask: PICTURE }, param: 'mask', says: 'no such parameter' },
    {
      model: 'nano-banana',
      params: { aspect_ratio: '1:1', size: '1024x1024' },
      param: 'aspect_ratio',
      says: 'not both',
    },
    { model: 'gpt-image-2', params: { size: '__proto__' }, param: 'size', says: 'does not take' },
  ])('of $model with $params are refused', ({ model, params, param, says }) => {
    expect(refusalOf(() => pictures(model, params))).toEqual({
      kind: 'invalid-request',
      message: expect.stringContaining(says),
      param,
    });
  });

  it('take longer when they are more', () => {
    const estimate = (n: number) => estimatedImageSeconds(IMAGE_MODELS['gpt-image-2']!, pictures('gpt-image-2', { n }));
    expect([estimate(1), estimate(4)]).toEqual([18, 32]);
  });
});

import { seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';

import {
  findImageModel,
  findVideoModel,
  IMAGE_VENDORS,
  imageWire,
  VIDEO_MODELS,
  VIDEO_VENDORS,
  videoWire,
  type ImageWire,
  type VideoWire,
} from './registry.js';
import type { ImageRequest } from './requests/image-request.js';
import { film, pictures } from './testing/asked.js';

const ADDRESS = 'https://a.example/b.png';
const INLINE = 'data:image/png;base64,iVBORw0KGgo=';

interface FilmCase {
  readonly name: string;
  readonly wire: VideoWire;
  readonly model: string;
  readonly upstreamModel: string;
  readonly params: Record<string, unknown>;
  readonly mark?: number;
  readonly path: string;
  readonly json: object;
  readonly unsent?: readonly string[];
}

const FILMS: readonly FilmCase[] = [
  {
    name: 'the usual film of Sora, in the next longer of its lengths',
    wire: 'openai-videos',
    model: 'sora-2',
    upstreamModel: 'sora-2',
    params: {},
    path: '/v1/videos',
    json: { model: 'sora-2', prompt: 'a paper boat', seconds: '8', size: '1280x720' },
  },
  {
    name: 'a film of Sora with all there is',
    wire: 'openai-videos',
    model: 'sora-2-pro',
    upstreamModel: 'sora-2-pro',
    params: {
      seconds: 20,
      aspect_ratio: '9:16',
      image_init: ADDRESS,
      style_preset: 'anime',
      seed: 7,
      negative_prompt: 'fog',
    },
    path: '/v1/videos',
    json: {
      model: 'sora-2-pro',
      prompt: 'a paper boat\n\nStyle: anime. Avoid: fog.',
      seconds: '20',
      size: '1080x1920',
      input_reference: { image_url: ADDRESS },
    },
    unsent: ['seed'],
  },
  {
    name: 'a large film of Veo, in full length',
    wire: 'google-veo',
    model: 'veo-3.1',
    upstreamModel: 'veo-3.1-generate-preview',
    params: { seed: 7, negative_prompt: 'fog', audio: true },
    path: '/v1beta/models/veo-3.1-generate-preview:predictLongRunning',
    json: {
      instances: [{ prompt: 'a paper boat' }],
      parameters: { aspectRatio: '16:9', durationSeconds: 8, resolution: '1080p', negativePrompt: 'fog', seed: 7 },
    },
  },
  {
    name: 'a film of Veo between two frames',
    wire: 'google-veo',
    model: 'veo-3.1-fast',
    upstreamModel: 'veo-3.1-fast-generate-preview',
    params: { image_init: INLINE, last_frame: INLINE },
    path: '/v1beta/models/veo-3.1-fast-generate-preview:predictLongRunning',
    json: {
      instances: [
        {
          prompt: 'a paper boat',
          image: { bytesBase64Encoded: 'iVBORw0KGgo=', mimeType: 'image/png' },
          lastFrame: { bytesBase64Encoded: 'iVBORw0KGgo=', mimeType: 'image/png' },
        },
      ],
      parameters: { aspectRatio: '16:9', durationSeconds: 6, resolution: '720p' },
    },
  },
  {
    name: 'a film of Veo after references, in full length',
    wire: 'google-veo',
    model: 'veo-3.1-fast',
    upstreamModel: 'veo-3.1-fast-generate-preview',
    params: { reference_images: [INLINE], duration: 4 },
    path: '/v1beta/models/veo-3.1-fast-generate-preview:predictLongRunning',
    json: {
      instances: [
        {
          prompt: 'a paper boat',
          referenceImages: [
            { image: { bytesBase64Encoded: 'iVBORw0KGgo=', mimeType: 'image/png' }, referenceType: 'asset' },
          ],
        },
      ],
      parameters: { aspectRatio: '16:9', durationSeconds: 8, resolution: '720p' },
    },
  },
  {
    name: 'a film by interaction, to be fetched from an address',
    wire: 'google-interactions',
    model: 'gemini-omni-1.2-flash',
    upstreamModel: 'gemini-omni-1.2-flash',
    params: { image_init: INLINE, seconds: 6, seed: 7 },
    path: '/v1beta/interactions',
    json: {
      model: 'gemini-omni-1.2-flash',
      input: [
        { type: 'text', text: 'a paper boat' },
        { type: 'image', mime_type: 'image/png', data: 'iVBORw0KGgo=' },
      ],
      background: true,
      generation_config: { video_config: { task: 'image_to_video' } },
      response_format: { type: 'video', aspect_ratio: '16:9', duration: '6s', resolution: '720p', delivery: 'uri' },
    },
    unsent: ['seed'],
  },
  {
    name: 'a film of Seedance, with our mark for a seed',
    wire: 'ark-video',
    model: 'seedance-1.5-pro',
    upstreamModel: 'doubao-seedance-1-5-pro-251215',
    params: { seconds: 2, motion_intensity: 'high', audio: false },
    mark: 58944,
    path: '/api/v3/contents/generations/tasks',
    json: {
      model: 'doubao-seedance-1-5-pro-251215',
      content: [{ type: 'text', text: 'a paper boat\n\nMotion: high.' }],
      resolution: '1080p',
      ratio: '16:9',
      duration: 4,
      watermark: false,
      seed: 58944,
      generate_audio: false,
    },
  },
  {
    name: 'a film of Seedance after references, with the caller`s seed',
    wire: 'ark-video',
    model: 'seedance-2.0',
    upstreamModel: 'doubao-seedance-2-0',
    params: { reference_images: [ADDRESS, INLINE], seed: 7, aspect_ratio: '21:9' },
    mark: 58944,
    path: '/api/v3/contents/generations/tasks',
    json: {
      model: 'doubao-seedance-2-0',
      content: [
        { type: 'text', text: 'a paper boat' },
        { type: 'image_url', image_url: { url: ADDRESS }, role: 'reference_image' },
        { type: 'image_url', image_url: { url: INLINE }, role: 'reference_image' },
      ],
      resolution: '1080p',
      ratio: '21:9',
      duration: 5,
      watermark: false,
      seed: 7,
    },
  },
];

it.each([
  { upstreamModel: 'gpt-image-1.5', input_fidelity: 'high', sent: ['high'], unsent: [] },
  { upstreamModel: 'gpt-image-1-mini', input_fidelity: 'low', sent: ['low'], unsent: [] },
  { upstreamModel: 'gpt-image-1-mini', input_fidelity: 'high', sent: [], unsent: ['inputFidelity'] },
  { upstreamModel: 'gpt-image-2', input_fidelity: 'high', sent: [], unsent: ['inputFidelity'] },
])(
  'tells $upstreamModel of fidelity $input_fidelity, where it knows it',
  ({ upstreamModel, input_fidelity, ...expected }) => {
    const asked = pictures('gpt-image-2', { image: INLINE, input_fidelity });
    const { call, unsent } = IMAGE_VENDORS['openai-images'].submit.request(asked, { upstreamModel, mark: 0 });
    const parts = call.body?.type === 'form' ? call.body.parts : [];
    const sent = parts.flatMap((part) => (part.name === 'input_fidelity' && 'text' in part ? [part.text] : []));
    expect({ sent, unsent }).toEqual(expected);
  },
);

it.each(FILMS)('asks for $name', ({ wire, model, upstreamModel, params, mark, path, json, unsent = [] }) => {
  const to = mark === undefined ? { upstreamModel } : { upstreamModel, mark };
  expect(VIDEO_VENDORS[wire].submit.request(film(model, params), to)).toEqual({
    call: { method: 'POST', path, body: { type: 'json', json }, repeat: 'never', answerBytesMax: expect.any(Number) },
    unsent,
  });
});

interface PictureCase {
  readonly name: string;
  readonly wire: ImageWire;
  readonly model: string;
  readonly params: Record<string, unknown>;
  readonly path: string;
  readonly body: object;
  readonly inlineMib?: number;
}

const json = (value: object): object => ({ type: 'json', json: { model: 'upstream', ...value } });

const PICTURES: readonly PictureCase[] = [
  {
    name: 'pictures of gpt-image',
    wire: 'openai-images',
    model: 'gpt-image-2',
    params: {
      ...{ n: 2, style: 'vivid', background: 'opaque', output_format: 'webp', output_compression: 80 },
      moderation: 'low',
    },
    path: '/v1/images/generations',
    inlineMib: 8,
    body: json({
      prompt: 'a paper boat\n\nStyle: vivid.',
      n: 2,
      size: '1024x1024',
      quality: 'medium',
      background: 'opaque',
      moderation: 'low',
      output_format: 'webp',
      output_compression: 80,
    }),
  },
  {
    name: 'a picture of gpt-image with sketches on the way',
    wire: 'openai-images',
    model: 'gpt-image-2',
    params: { stream: true, partial_images: 2, style: 'natural' },
    path: '/v1/images/generations',
    inlineMib: 4,
    body: json({
      prompt: 'a paper boat',
      n: 1,
      size: '1024x1024',
      quality: 'medium',
      output_format: 'png',
      stream: true,
      partial_images: 2,
    }),
  },
  {
    name: 'an edit of gpt-image, as a form',
    wire: 'openai-images',
    model: 'gpt-image-2',
    params: { image: INLINE, mask: INLINE },
    path: '/v1/images/edits',
    inlineMib: 4,
    body: {
      type: 'form',
      parts: [
        { name: 'model', text: 'upstream' },
        { name: 'prompt', text: 'a paper boat' },
        { name: 'n', text: '1' },
        { name: 'size', text: '1024x1024' },
        { name: 'quality', text: 'medium' },
        { name: 'output_format', text: 'png' },
        {
          name: 'image[]',
          filename: '1.png',
          file: { type: 'inline', mediaType: 'image/png', base64: 'iVBORw0KGgo=' },
        },
        {
          name: 'mask',
          filename: 'mask.png',
          file: { type: 'inline', mediaType: 'image/png', base64: 'iVBORw0KGgo=' },
        },
      ],
    },
  },
  {
    name: 'a picture of Gemini after another',
    wire: 'gemini-images',
    model: 'nano-banana-v2',
    params: { source_image: INLINE, size: '1536x2048', seed: 7 },
    path: '/v1beta/models/upstream:generateContent',
    inlineMib: 16,
    body: {
      type: 'json',
      json: {
        contents: [
          {
            role: 'user',
            parts: [{ text: 'a paper boat' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
          },
        ],
        generationConfig: {
          responseModalities: ['TEXT', 'IMAGE'],
          seed: 7,
          imageConfig: { aspectRatio: '3:4', imageSize: '2K' },
        },
      },
    },
  },
  {
    name: 'a picture of Gemini by its ratio',
    wire: 'gemini-images',
    model: 'nano-banana',
    params: { aspect_ratio: '21:9' },
    path: '/v1beta/models/upstream:generateContent',
    inlineMib: 6,
    body: {
      type: 'json',
      json: {
        contents: [{ role: 'user', parts: [{ text: 'a paper boat' }] }],
        generationConfig: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '21:9' } },
      },
    },
  },
  {
    name: 'one picture of Seedream',
    wire: 'ark-images',
    model: 'seedream-4.5',
    params: { negative_prompt: 'fog', seed: 7, image: ADDRESS },
    path: '/api/v3/images/generations',
    body: json({
      prompt: 'a paper boat\n\nAvoid: fog.',
      size: '2048x2048',
      image: ADDRESS,
      seed: 7,
      sequential_image_generation: 'disabled',
      response_format: 'url',
      watermark: false,
    }),
  },
  {
    name: 'three pictures of Seedream',
    wire: 'ark-images',
    model: 'seedream-4',
    params: { n: 3, images: [ADDRESS, INLINE] },
    path: '/api/v3/images/generations',
    body: json({
      prompt: 'a paper boat\n\nPictures: 3.',
      size: '1024x1024',
      image: [ADDRESS, INLINE],
      sequential_image_generation: 'auto',
      sequential_image_generation_options: { max_images: 3 },
      response_format: 'url',
      watermark: false,
    }),
  },
];

it.each(PICTURES)('asks for $name', ({ wire, model, params, path, body, inlineMib }) => {
  expect(IMAGE_VENDORS[wire].submit.request(pictures(model, params), { upstreamModel: 'upstream' })).toEqual({
    call: { method: 'POST', path, body, repeat: 'never', answerBytesMax: expect.any(Number) },
    unsent: [],
    inlineBytes: inlineMib && inlineMib * 1024 * 1024,
  });
});

it('takes no answer for larger than it is read', () => {
  const asked: ImageRequest = { ...pictures('gpt-image-2', { n: 4 }), size: '4096x4096' };
  const { call, inlineBytes } = IMAGE_VENDORS['openai-images'].submit.request(asked, { upstreamModel: 'upstream' });
  expect(inlineBytes).toBe(call.answerBytesMax);
});

/** Their makers are their vendors, and no name of theirs stands for another wire. */
const sold = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:1')).models.map(({ id, kind, maker }) => ({
  kind,
  model: id,
  target: { vendor: maker, upstreamModel: id },
}));

describe('the catalogue', () => {
  it.each(sold.filter(({ kind }) => kind === 'video'))(
    'has a row and a wire for films of $model',
    ({ model, target }) => {
      expect(findVideoModel({ model, upstreamModel: 'x' })).toBe(VIDEO_MODELS[model]);
      expect(VIDEO_VENDORS[videoWire(target)!].submit.request(film(model), target).unsent).toEqual([]);
    },
  );

  it.each(sold.filter(({ kind }) => kind === 'image'))(
    'has a row and a wire for pictures of $model',
    ({ model, target }) => {
      const { submit } = IMAGE_VENDORS[imageWire(target)!];
      const sizes = findImageModel({ model, upstreamModel: 'x' })!.sizes;
      expect(sizes.flatMap((size) => submit.request(pictures(model, { size }), target).unsent)).toEqual([]);
    },
  );

  it('finds a row by the vendor`s name where an operator has a model of his own', () => {
    expect(findVideoModel({ model: 'house-film', upstreamModel: 'gemini-omni-1.1-flash' })).toBe(
      VIDEO_MODELS['gemini-omni-1.1-flash'],
    );
    expect(findImageModel({ model: 'constructor', upstreamModel: 'toString' })).toBeUndefined();
    expect(videoWire({ vendor: 'google', upstreamModel: 'gemini-omni-1.1-flash' })).toBe('google-interactions');
    expect(videoWire({ vendor: 'anthropic', upstreamModel: 'x' })).toBeUndefined();
    expect(imageWire({ vendor: 'constructor', upstreamModel: 'x' })).toBeUndefined();
  });
});

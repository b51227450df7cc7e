import type { JsonValue } from '@bytespike/kernel';
import fc from 'fast-check';

import { refusalOf } from '../testing/refusal-of.js';
import { readImageEdit, readImageEditForm, readImageGeneration } from './read-image-call.js';
import { readImageWish } from './read-image-wish.js';
import { readSubmission } from './read-submission.js';
import { readVideoWish } from './read-video-wish.js';

const given = (wish: object): object =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));

const filmOf = (body: JsonValue): object => {
  const { params, at } = readSubmission(body);
  return given(readVideoWish(params, at).wish);
};

const BOAT = { prompt: 'a paper boat', seconds: 8, aspectRatio: '9:16', references: [] };

describe('a film', () => {
  it.each([
    {
      name: 'in params',
      body: { model: 'sora-2', params: { prompt: 'a paper boat', duration_seconds: 8, aspect_ratio: '9:16' } },
    },
    {
      name: 'beside the model',
      body: { model: 'sora-2', prompt: 'a paper boat', duration_seconds: 8, aspect_ratio: '9:16', out_task_id: 'a1' },
    },
    {
      name: 'in an SDK`s words',
      body: { model: 'sora-2', prompt: 'a paper boat', seconds: '8', aspect_ratio: '9:16' },
    },
    {
      name: 'with nulls',
      body: { model: 'x', prompt: 'a paper boat', duration: 8, ratio: '9:16', seed: null, user: 'u' },
    },
  ])('is the same $name', ({ body }) => {
    expect(filmOf(body)).toEqual(BOAT);
  });

  it('is read in the words of the model pages', () => {
    const body = {
      model: 'veo3.1',
      prompt: 'waves',
      size: '1280x720',
      source_image: 'https://a.example/b.png',
      audio: true,
    };
    expect(filmOf(body)).toEqual({
      prompt: 'waves',
      size: '1280x720',
      firstFrame: { type: 'address', url: 'https://a.example/b.png' },
      references: [],
      audio: true,
    });
  });

  it('may bring its images along', () => {
    const body = {
      model: 'veo-3.1',
      params: {
        prompt: 'waves',
        image_init: { image_url: 'data:image/PNG;base64,iVBORw0KGgo=' },
        reference_images: ['https://a.example/1.png', { url: 'https://a.example/2.png' }],
      },
    };
    expect(filmOf(body)).toMatchObject({
      firstFrame: { type: 'inline', mediaType: 'image/png', base64: 'iVBORw0KGgo=' },
      references: [
        { type: 'address', url: 'https://a.example/1.png' },
        { type: 'address', url: 'https://a.example/2.png' },
      ],
    });
  });
});

describe('a submission', () => {
  it('keeps what is about the task and not about the film', () => {
    const body = {
      model: 'sora-2',
      params: { prompt: 'x' },
      out_task_id: 'o1',
      callback_url: 'https://c.example/h',
      stream: true,
    };
    expect(readSubmission({ ...body, dry_run: true })).toEqual({
      model: 'sora-2',
      params: { prompt: 'x' },
      at: 'params.',
      outTaskId: 'o1',
      callbackUrl: 'https://c.example/h',
      dryRun: true,
    });
  });

  it.each([
    { body: [], param: 'body', says: 'give a JSON object' },
    { body: {}, param: 'model', says: 'name a model' },
    { body: { model: 'sora-2', params: 'x' }, param: 'params', says: 'give a JSON object' },
    { body: { model: 'sora-2', params: {}, prompt: 'x' }, param: 'prompt', says: 'belongs into params' },
    { body: { model: 'sora-2', callback_url: 'ftp://x' }, param: 'callback_url', says: 'http(s) address' },
    { body: { model: 'sora-2', params: {} }, param: 'params.prompt', says: 'give a prompt' },
    { body: { model: 'sora-2', params: { prompt: '  ' } }, param: 'params.prompt', says: 'give a prompt' },
    { body: { model: 'sora-2', prompt: 'x', seconds: 2.5 }, param: 'seconds', says: 'whole number' },
    {
      body: { model: 'sora-2', prompt: 'x', seconds: 8, duration: 8 },
      param: 'duration',
      says: 'says the same as seconds',
    },
    {
      body: { model: 'sora-2', params: { prompt: 'x', ['y'.repeat(100_000)]: 8 } },
      param: `params.${'y'.repeat(193)}…`,
      says: 'unknown parameter',
    },
    {
      body: { model: 'sora-2', params: { prompt: 'x', duraton: 8 } },
      param: 'params.duraton',
      says: 'unknown parameter',
    },
    { body: { model: 'sora-2', params: { prompt: 'x', audio: 'loud' } }, param: 'params.audio', says: 'true or false' },
    { body: { model: 'x', prompt: 'a\0b' }, param: 'prompt', says: 'no text' },
    { body: { model: 'x', prompt: '\ud83d' }, param: 'prompt', says: 'no text' },
    { body: { model: 'x', prompt: 'x', negative_prompt: '\udc00' }, param: 'negative_prompt', says: 'no text' },
    {
      body: { model: 'x', prompt: 'x', out_task_id: 'idempotency-key a' },
      param: 'out_task_id',
      says: 'must not begin',
    },
    { body: { model: 'x', prompt: 'x', out_task_id: '\0' }, param: 'out_task_id', says: 'no text' },
    {
      body: { model: 'x', prompt: 'x', image_init: 'file:///etc/passwd' },
      param: 'image_init',
      says: 'http(s) address',
    },
    { body: { model: 'x', prompt: 'x', image: 'data:image/png;base64,?' }, param: 'image', says: 'not base64' },
    {
      body: { model: 'x', prompt: 'x', reference_images: ['a'] },
      param: 'reference_images.0',
      says: 'http(s) address',
    },
    { body: { model: 'x', prompt: 'x', image: { url: 1 } }, param: 'image.url', says: 'http(s) address' },
  ])('is refused at $param: $says', ({ body, param, says }) => {
    expect(refusalOf(() => filmOf(body as JsonValue))).toEqual({
      kind: 'invalid-request',
      message: expect.stringContaining(says),
      param,
    });
  });

  it('fails in our own words, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('model', 'params', 'prompt', 'seed', 'image'), fc.jsonValue()),
        (one, other) => {
          for (const body of [one, other])
            expect([
              'none',
              { kind: 'invalid-request', message: expect.any(String), param: expect.any(String) },
            ]).toContainEqual(refusalOf(() => filmOf(body as JsonValue)));
        },
      ),
    );
  });
});

describe('pictures', () => {
  it('are read from a generation', () => {
    const { model, wish } = readImageGeneration({
      model: 'gpt-image-2',
      prompt: 'a cat',
      n: 2,
      size: '1024x1792',
      quality: 'hd',
      response_format: 'b64_json',
      output_format: 'webp',
      output_compression: 80,
      stream: true,
      partial_images: 1,
    });
    expect({ model, ...given(wish) }).toEqual({
      model: 'gpt-image-2',
      prompt: 'a cat',
      n: 2,
      size: '1024x1792',
      quality: 'hd',
      responseFormat: 'b64_json',
      format: 'webp',
      compression: 80,
      stream: true,
      partials: 1,
      images: [],
    });
  });

  it('are read from a form, whose files stay where they are', () => {
    const file = (id: string) => ({ type: 'asset', id, mediaType: 'image/png' }) as const;
    const { model, wish } = readImageEditForm([
      { name: 'model', text: 'gpt-image-2' },
      { name: 'prompt', text: 'add a hat' },
      { name: 'n', text: '2' },
      { name: 'stream', text: 'false' },
      { name: 'image[]', file: file('a') },
      { name: 'image[]', file: file('b') },
      { name: 'mask', file: file('m') },
    ]);
    expect({ model, ...given(wish) }).toEqual({
      model: 'gpt-image-2',
      prompt: 'add a hat',
      n: 2,
      stream: false,
      images: [file('a'), file('b')],
      mask: file('m'),
    });
  });

  it('are read from an edit in JSON', () => {
    const { wish } = readImageEdit({
      model: 'gpt-image-2',
      prompt: 'add a hat',
      images: [{ image_url: 'https://a.example/1.png' }],
      mask: 'https://a.example/mask.png',
    });
    expect(wish).toMatchObject({
      images: [{ type: 'address', url: 'https://a.example/1.png' }],
      mask: { type: 'address', url: 'https://a.example/mask.png' },
    });
  });

  it('are read from a task as well', () => {
    const { params, at } = readSubmission({
      model: 'seedream-4',
      params: { prompt: 'a cat', n: 2, size: '1024x1024' },
    });
    const { wish, where } = readImageWish(params, at);
    expect([given(wish), where('n')]).toEqual([{ prompt: 'a cat', n: 2, size: '1024x1024', images: [] }, 'params.n']);
  });

  it.each([
    { work: () => readImageEdit({ model: 'm', prompt: 'x' }), param: 'image' },
    { work: () => readImageEdit({ model: '', prompt: 'x' }), param: 'model' },
    { work: () => readImageGeneration({ model: 'm', prompt: 'x', n: 'many' }), param: 'n' },
    { work: () => readImageGeneration({ model: 'm', prompt: 'x', response_format: 'gif' }), param: 'response_format' },
    {
      work: () =>
        readImageEditForm([
          { name: 'n', text: '1' },
          { name: 'n', text: '2' },
        ]),
      param: 'n',
    },
    {
      work: () =>
        readImageEditForm([
          { name: 'model', text: 'm' },
          { name: '__proto__', text: 'x' },
        ]),
      param: '__proto__',
    },
    {
      work: () => readImageEditForm([{ name: 'film', file: { type: 'asset', id: 'a', mediaType: 'video/mp4' } }]),
      param: 'film',
    },
    {
      work: () =>
        readImageEditForm([
          { name: 'mask', file: { type: 'asset', id: 'a', mediaType: 'image/png' } },
          { name: 'mask', file: { type: 'asset', id: 'b', mediaType: 'image/png' } },
        ]),
      param: 'mask',
    },
  ])('are refused at $param', ({ work, param }) => {
    expect(refusalOf(work)).toMatchObject({ kind: 'invalid-request', param });
  });
});

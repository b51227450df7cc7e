import type { LostSubmit } from './media-vendor.js';
import { IMAGE_VENDORS, VIDEO_VENDORS } from './registry.js';
import type { VideoRequest } from './requests/video-request.js';
import { vendorAnswer } from './testing/answers.js';
import { film } from './testing/asked.js';

const SENT = 1_795_175_900;
const lost = (model: string, upstreamModel: string, known: readonly string[] = []): LostSubmit<VideoRequest> => ({
  asked: film(model),
  to: { upstreamModel, mark: 58944 },
  sentAt: SENT * 1_000,
  arrivedBy: (SENT + 30) * 1_000,
  known: new Set(known),
});

const listed = {
  id: 'video_1',
  created_at: SENT + 1,
  model: 'sora-2',
  prompt: 'a paper boat',
  seconds: '8',
  size: '1280x720',
};
const picture: VideoRequest['images'][number] = {
  role: 'first-frame',
  source: { type: 'inline', mediaType: 'image/png', base64: '' },
};
const sora = (
  rows: readonly object[],
  known: readonly string[] = [],
  more = false,
  images: VideoRequest['images'] = [],
) =>
  VIDEO_VENDORS['openai-videos'].lookUp!.answer(vendorAnswer(200, { object: 'list', data: rows, has_more: more }), {
    ...lost('sora-2', 'sora-2', known),
    asked: { ...film('sora-2'), images },
  });

describe('a lost submit to OpenAI', () => {
  it.each([
    {
      name: 'is found by what the vendor repeats',
      looked: () => sora([listed]),
      is: { type: 'found', upstreamId: 'video_1', isCertain: true },
    },
    {
      name: 'is found under the dated name of its model',
      looked: () => sora([{ ...listed, model: 'sora-2-2025-12-08', prompt: null }]),
      is: { type: 'found', upstreamId: 'video_1', isCertain: false },
    },
    {
      name: 'is likely at most where a picture came with it, which the vendor does not repeat',
      looked: () => sora([listed], [], false, [picture]),
      is: { type: 'found', upstreamId: 'video_1', isCertain: false },
    },
    { name: 'is not another task`s', looked: () => sora([listed], ['video_1']), is: { type: 'absent' } },
    {
      name: 'is not a film of other words',
      looked: () => sora([{ ...listed, prompt: 'a paper boat, sinking' }]),
      is: { type: 'absent' },
    },
    {
      name: 'is not an older one',
      looked: () => sora([{ ...listed, created_at: SENT - 600 }]),
      is: { type: 'absent' },
    },
    {
      name: 'is nobody`s guess among two',
      looked: () => sora([listed, { ...listed, id: 'video_2' }]),
      is: { type: 'unclear' },
    },
    { name: 'is not absent from a part of a list', looked: () => sora([], [], true), is: { type: 'unclear' } },
    {
      name: 'is absent from a part that reaches back',
      looked: () => sora([{ ...listed, created_at: SENT - 600 }], [], true),
      is: { type: 'absent' },
    },
    {
      name: 'is unclear without a list',
      looked: () => VIDEO_VENDORS['openai-videos'].lookUp!.answer(vendorAnswer(500, {}), lost('sora-2', 'sora-2')),
      is: { type: 'unclear' },
    },
  ])('$name', ({ looked, is }) => {
    expect(looked()).toEqual(is);
  });
});

const task = { id: 'cgt-1', model: 'seedance', status: 'running', created_at: SENT + 1, seed: 58944 };
const ark = (items: readonly object[], total = items.length, seed?: number) =>
  VIDEO_VENDORS['ark-video'].lookUp!.answer(vendorAnswer(200, { total, items }), {
    ...lost('seedance-2.0', 'seedance'),
    asked: { ...film('seedance-2.0'), ...(seed !== undefined && { seed }) },
  });

describe('a lost submit to Ark', () => {
  it.each([
    {
      name: 'is found by our mark',
      looked: () => ark([{ ...task, id: 'cgt-2', seed: 3 }, task]),
      is: { type: 'found', upstreamId: 'cgt-1', isCertain: true },
    },
    {
      name: 'is likely at most where no seed is told',
      looked: () => ark([{ ...task, seed: null }]),
      is: { type: 'found', upstreamId: 'cgt-1', isCertain: false },
    },
    {
      name: 'is found by our mark beside one whose seed is not told',
      looked: () => ark([{ ...task, id: 'cgt-2', seed: null }, task]),
      is: { type: 'found', upstreamId: 'cgt-1', isCertain: true },
    },
    {
      name: 'is likely at most where its seed is the caller`s own',
      looked: () => ark([{ ...task, seed: 42 }], 1, 42),
      is: { type: 'found', upstreamId: 'cgt-1', isCertain: false },
    },
    { name: 'is no other model`s', looked: () => ark([{ ...task, model: 'seedance-fast' }]), is: { type: 'absent' } },
    {
      name: 'is not absent from one page of several',
      looked: () => ark([{ ...task, seed: 3 }], 400),
      is: { type: 'unclear' },
    },
  ])('$name', ({ looked, is }) => {
    expect(looked()).toEqual(is);
  });
});

it('asks Ark for many renders at once', () => {
  const { request, answer } = VIDEO_VENDORS['ark-video'].statusMany!;
  expect(request(['cgt-1', 'cgt-2']).path).toBe(
    '/api/v3/contents/generations/tasks?page_num=1&page_size=2&filter.task_ids=cgt-1&filter.task_ids=cgt-2',
  );
  const items = [
    task,
    { ...task, id: 'cgt-2', status: 'failed', failure_reason: { code: 'InternalServiceError', message: 'm' } },
  ];
  expect([...answer(vendorAnswer(200, { total: 2, items }))]).toEqual([
    ['cgt-1', { state: 'running', word: 'running', progress: {} }],
    ['cgt-2', { state: 'failed', word: 'failed', failure: { kind: 'upstream-transient', message: 'm', said: 'm' } }],
  ]);
  expect(answer(vendorAnswer(500, {})).size).toBe(0);
});

it('takes a Veo operation for expired only when it has been kept long enough', () => {
  const gone = { error: { code: 404, message: 'gone', status: 'NOT_FOUND' } };
  const answer = vendorAnswer(404, gone);
  const { status } = VIDEO_VENDORS['google-veo'];
  const stateAfter = (hours: number) =>
    status!.answer(answer, { submittedAt: answer.receivedAt - hours * 3_600_000 }).state;
  expect([stateAfter(47), stateAfter(48)]).toEqual(['unknown', 'expired']);
});

it('says where a render can be stopped, and by which call', () => {
  const facts = Object.entries(VIDEO_VENDORS).map(([wire, { cancel }]) => [
    wire,
    cancel.while,
    cancel.bills,
    cancel.request?.('id-1').path,
  ]);
  expect(facts).toEqual([
    ['openai-videos', [], 'nothing', undefined],
    ['google-veo', [], 'nothing', undefined],
    ['google-interactions', ['queued', 'running'], 'what it reports', '/v1beta/interactions/id-1/cancel'],
    ['ark-video', ['queued'], 'nothing', '/api/v3/contents/generations/tasks/id-1'],
  ]);
  expect(Object.values(IMAGE_VENDORS).map(({ cancel }) => cancel.while.length)).toEqual([0, 0, 0]);
});

it.each([
  { status: 200, is: 'stopped' },
  { status: 409, is: 'too-late' },
  { status: 429, is: 'unclear' },
  { status: 503, is: 'unclear' },
])('reads $status to a cancel as $is', ({ status, is }) => {
  expect(VIDEO_VENDORS['ark-video'].cancel.answer!(vendorAnswer(status, {}))).toBe(is);
});

describe('a stream of pictures', () => {
  const picture = { b64_json: 'iVBORw0KGgo=', output_format: 'jpeg' };
  const asset = { from: 'inline', base64: 'iVBORw0KGgo=', mediaType: 'image/jpeg' };
  it.each([
    {
      name: 'a sketch',
      record: { type: 'image_generation.partial_image', partial_image_index: 1, ...picture },
      is: { type: 'partial', index: 1, asset },
    },
    {
      name: 'the picture of an edit',
      record: { type: 'image_edit.completed', usage: { total_tokens: 9 }, ...picture },
      is: { type: 'completed', asset, rendered: { tokens: 9 } },
    },
    {
      name: 'a refusal',
      record: { type: 'error', error: { code: 'moderation_blocked', message: 'no' } },
      is: { type: 'failed', failure: expect.objectContaining({ kind: 'upstream-blocked', said: 'no' }) },
    },
    {
      name: 'a flat failure',
      record: { type: 'error', code: 'server_error', message: 'no' },
      is: { type: 'failed', failure: expect.objectContaining({ kind: 'upstream-transient', said: 'no' }) },
    },
    { name: 'a picture without bytes', record: { type: 'image_generation.completed' }, is: undefined },
    { name: 'something new', record: { type: 'image_generation.thinking', ...picture }, is: undefined },
    { name: 'no object', record: null, is: undefined },
  ])('holds $name', ({ record, is }) => {
    expect(IMAGE_VENDORS['openai-images'].submit.event!(record)).toEqual(is);
  });
});

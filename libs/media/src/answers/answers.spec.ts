import type { TaskView } from '@bytespike/contracts';
import fc from 'fast-check';

import { flatTaskJson } from './flat-task-json.js';
import { taskJson } from './task-json.js';
import { REPEAT_NAME } from './task-parts.js';
import { usdNumber } from './usd-number.js';
import { videoTaskJson } from './video-task-json.js';

const FILM = { name: 'vid/2026-11-20/01KAFILM.mp4', contentType: 'video/mp4', bytes: 5_000, sha256: 'ab12' };
const CREATED = Date.parse('2026-11-20T12:00:00Z');

const links = (name: string): string => `https://gateway.example/v1/assets/${name}?expires=1`;

const pending: TaskView = {
  taskId: 'task_01KA',
  accountId: 'account-1',
  keyId: 'key-1',
  model: 'veo-3.1',
  alias: 'veo3.1',
  kind: 'video',
  state: 'pending',
  version: 1,
  createdAt: CREATED,
  estimatedCost: 3_200_000_000n,
  estimatedSeconds: 75,
};
const running: TaskView = {
  ...pending,
  outTaskId: 'my-film',
  state: 'running',
  version: 2,
  startedAt: CREATED + 1_000,
  progress: { percent: 40, stage: 'rendering' },
};
const completed: TaskView = {
  ...running,
  state: 'completed',
  version: 3,
  endedAt: CREATED + 60_000,
  cost: 3_200_000_000n,
  outputs: [FILM],
  seconds: 8,
  resolution: '720p',
  aspectRatio: '16:9',
};
const failed: TaskView = {
  ...running,
  state: 'failed',
  endedAt: CREATED + 60_000,
  cost: 0n,
  failure: { kind: 'upstream-blocked', message: 'a person is in it' },
};

const named = { task_id: 'task_01KA', model: 'veo-3.1', estimated_credits: 3.2, estimated_seconds: 75 };

describe('taskJson', () => {
  const begun = {
    ...named,
    out_task_id: 'my-film',
    created_at: '2026-11-20T12:00:00.000Z',
    started_at: '2026-11-20T12:00:01.000Z',
  };

  it.each([
    {
      name: 'one that waits',
      task: pending,
      told: { ...named, out_task_id: null, status: 'pending', created_at: '2026-11-20T12:00:00.000Z' },
    },
    {
      name: 'one that is being made',
      task: running,
      told: { ...begun, status: 'running', progress: { percent: 40, stage: 'rendering' } },
    },
    {
      name: 'one that is done',
      task: completed,
      told: {
        ...begun,
        status: 'completed',
        completed_at: '2026-11-20T12:01:00.000Z',
        credits_used: 3.2,
        output: [
          {
            type: 'video',
            url: links(FILM.name),
            duration_seconds: 8,
            resolution: '720p',
            aspect_ratio: '16:9',
            content_type: 'video/mp4',
            size_bytes: 5_000,
            sha256: 'ab12',
          },
        ],
      },
    },
    {
      name: 'one that failed, which costs nothing',
      task: failed,
      told: {
        ...begun,
        status: 'failed',
        completed_at: '2026-11-20T12:01:00.000Z',
        credits_used: 0,
        error: { code: 'content_policy_violation', message: 'a person is in it' },
      },
    },
  ])('tells $name', ({ task, told }) => {
    expect(taskJson(task, links)).toEqual(told);
  });

  it.each([taskJson, flatTaskJson, videoTaskJson])('shows no name that the gateway has given', (tell) => {
    expect(tell({ ...pending, outTaskId: `${REPEAT_NAME}abc` }, links)).toMatchObject({ out_task_id: null });
    expect(tell({ ...pending, outTaskId: 'mine' }, links)).toMatchObject({ out_task_id: 'mine' });
  });

  it('keeps back what a vendor says of our account with it', () => {
    const task: TaskView = { ...failed, failure: { kind: 'upstream-quota', message: 'project 42 is out of quota' } };
    expect(taskJson(task, links)).toMatchObject({
      error: {
        code: 'upstream_error',
        message: 'The model vendor could not serve this request. It was not billed; please retry.',
      },
    });
  });

  it('says of pictures neither how long they last nor that they are films', () => {
    const picture = { name: 'img/2026-11-20/01KA.png', contentType: 'image/png', bytes: 3, sha256: 'c3' };
    const task: TaskView = { ...pending, kind: 'image', state: 'completed', outputs: [picture], seconds: 1 };
    expect(taskJson(task, links)).toMatchObject({
      output: [{ type: 'image', url: links(picture.name), content_type: 'image/png', size_bytes: 3, sha256: 'c3' }],
    });
    expect(JSON.stringify(taskJson(task, links))).not.toContain('duration_seconds');
  });
});

describe('flatTaskJson', () => {
  it.each([
    { task: pending, told: { status: 'queued', submitted_at: '2026-11-20T12:00:00.000Z' } },
    { task: running, told: { status: 'running', progress: { percent: 40, stage: 'rendering' } } },
    {
      task: completed,
      told: {
        status: 'completed',
        credits: 3.2,
        completed_at: '2026-11-20T12:01:00.000Z',
        result: { video_url: links(FILM.name), duration_seconds: 8, resolution: '720p', aspect_ratio: '16:9' },
      },
    },
    { task: failed, told: { status: 'failed', credits: 0, error: { code: 'content_policy_violation' } } },
    {
      task: { ...pending, kind: 'image', state: 'completed', outputs: [FILM, FILM] } satisfies TaskView,
      told: { result: { image_url: links(FILM.name), image_urls: [links(FILM.name), links(FILM.name)] } },
    },
  ])('tells $task.kind $task.state', ({ task, told }) => {
    expect(flatTaskJson(task, links)).toMatchObject({ ...named, ...told });
  });
});

describe('videoTaskJson', () => {
  it.each([
    { task: pending, told: { status: 'pending' } },
    { task: running, told: { status: 'running' } },
    {
      task: completed,
      told: {
        status: 'completed',
        result_url: links(FILM.name),
        duration_seconds: 8,
        resolution: '720p',
        credits_used: 3.2,
      },
    },
    { task: failed, told: { status: 'failed', error: { message: 'a person is in it' } } },
  ])('tells $task.state', ({ task, told }) => {
    expect(videoTaskJson(task, links)).toMatchObject({ ...named, ...told });
  });
});

describe('usdNumber', () => {
  it('prints the very decimals of any amount below a million dollars', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), (amount) => {
        const [whole = '', decimals = ''] = usdNumber(amount).toFixed(9).split('.');
        return BigInt(whole + decimals) === amount;
      }),
    );
  });
});

import { CancelOutlook, type HandlersFor, type tasks, type TaskView } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { task } from '../testing/fake-tasks.js';
import { runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { API_KEY } from '../testing/samples.js';

type Name = Parameters<HandlersFor<typeof tasks>['read']>[0];

const KEY = { 'x-api-key': API_KEY };
const FILM = { name: 'vid/2026-11-20/01KAFILM.mp4', contentType: 'video/mp4', bytes: 5_000, sha256: 'ab12' };

const going: TaskView = { ...task, state: 'running', version: 2 };
const completed: TaskView = {
  ...task,
  outTaskId: 'mine',
  state: 'completed',
  version: 4,
  endedAt: task.createdAt + 60_000,
  cost: 3_200_000_000n,
  outputs: [FILM],
  seconds: 8,
  resolution: '1080p',
  aspectRatio: '16:9',
};

let ingress: IngressUnderTest;
const asked: Name[] = [];

beforeAll(async () => {
  const answer = async (name: Name): Promise<{ task: TaskView; outlook?: CancelOutlook }> => {
    asked.push(name);
    if (name.taskId === completed.taskId || name.outTaskId === 'mine') return { task: completed };
    const outlook = CancelOutlook.safeParse(name.outTaskId).data;
    if (outlook) return { task: going, outlook };
    throw new GatewayError('task-not-found', 'There is no such task.');
  };
  ingress = await runIngress({ tasks: { read: answer, cancel: answer } });
});
afterAll(() => ingress.stop());

const post = (path: string, body: string) => ingress.send({ method: 'POST', path, headers: KEY, body });

const LINK = expect.stringMatching(
  /^https:\/\/gateway\.test\/v1\/assets\/vid\/2026-11-20\/01KAFILM\.mp4\?expires=\d+&signature=[\w-]+$/,
);
const CANONICAL = {
  status: 'completed',
  credits_used: 3.2,
  output: [{ type: 'video', url: LINK, duration_seconds: 8, resolution: '1080p', aspect_ratio: '16:9' }],
};
const MINE = '{"out_task_id":"mine"}';
const FLAT = { status: 'completed', credits: 3.2, result: { video_url: LINK, duration_seconds: 8 } };

describe('a task', () => {
  it.each([
    { how: 'by its id', path: '/v1/tasks/query', body: `{"task_id":"${task.taskId}"}`, told: CANONICAL },
    { how: 'by its client’s name', path: '/tasks/query', body: '{"out_task_id":"mine"}', told: CANONICAL },
    { how: 'by its address', path: `/v1/tasks/query?task_id=${task.taskId}`, told: FLAT },
    { how: 'by its client’s name in the address', path: '/v1/tasks/query?out_task_id=mine', told: FLAT },
    { how: 'as a film', path: `/v1/videos/tasks/${task.taskId}`, told: { status: 'completed', result_url: LINK } },
  ])('is told $how, in the shape of that page', async ({ path, body, told }) => {
    const reply = await (body === undefined ? ingress.send({ path, headers: KEY }) : post(path, body));
    expect([reply.status, reply.json()]).toMatchObject([200, { task_id: task.taskId, out_task_id: 'mine', ...told }]);
    expect(reply.headers['x-quota-remaining-credits']).toBe('12.34');
  });

  it.each([
    { how: 'by its address', path: `/v1/tasks/cancel/${task.taskId}`, body: '' },
    {
      how: 'by the address rather than the body',
      path: `/v1/tasks/cancel/${task.taskId}`,
      body: '{"task_id":"task_x"}',
    },
    { how: 'by its id', path: '/v1/tasks/cancel', body: `{"task_id":"${task.taskId}"}` },
    { how: 'by its client’s name', path: '/v1/tasks/cancel', body: '{"out_task_id":"mine"}' },
  ])('is cancelled $how, and answered as it is when it has ended', async ({ path, body }) => {
    const reply = await post(path, body);
    expect([reply.status, reply.json()]).toMatchObject([200, CANONICAL]);
  });

  it.each([
    { outlook: 'asked', cancellable: true, why: /^It is stopped if/ },
    { outlook: 'unstoppable', cancellable: false, why: /cannot stop it/ },
    { outlook: 'ending', cancellable: false, why: /ending already/ },
  ])('that goes on when it is cancelled says why: $outlook', async ({ outlook, cancellable, why }) => {
    const reply = await post('/v1/tasks/cancel', JSON.stringify({ out_task_id: outlook }));
    const told = { status: 'running', cancellable, reason: expect.stringMatching(why) };
    expect([reply.status, reply.json()]).toMatchObject([200, told]);
  });

  it('is cancelled once for all requests that bring the same name, and asked about every time', async () => {
    asked.length = 0;
    const named = (path: string, body: string) =>
      ingress.send({ method: 'POST', path, headers: { ...KEY, 'idempotency-key': 'cancel-1' }, body });
    const replies = [await named('/v1/tasks/cancel', MINE), await named('/v1/tasks/cancel', MINE)];
    expect(replies.map((reply) => [reply.status, reply.json()])).toMatchObject([
      [200, CANONICAL],
      [200, CANONICAL],
    ]);
    expect(replies[1]?.headers['idempotent-replayed']).toBe('true');
    expect(asked).toHaveLength(1);
    const other = await named('/v1/tasks/cancel', `{"task_id":"${task.taskId}"}`);
    expect([other.status, other.json()]).toMatchObject([409, { error: { code: 'idempotency_conflict' } }]);
    expect((await named(`/v1/tasks/cancel/${task.taskId}`, '')).status).toBe(409);
    await named('/v1/tasks/query', MINE);
    await named('/v1/tasks/query', MINE);
    expect(asked).toHaveLength(3);
  });

  it('is asked about in the name of the key', async () => {
    asked.length = 0;
    await post('/v1/tasks/query', '{"out_task_id":"mine","more":1}');
    expect(asked).toEqual([{ accountId: 'account-1', keyId: 'key-1', outTaskId: 'mine' }]);
  });
});

describe('a question about a task is refused', () => {
  const both = `{"task_id":"${task.taskId}","out_task_id":"mine"}`;

  it.each([
    { what: 'with both names', path: '/v1/tasks/query', body: both, status: 400, code: 'invalid_param' },
    { what: 'without a name', path: '/v1/tasks/query', body: '{}', status: 400, code: 'invalid_param' },
    { what: 'with an empty name', path: '/v1/tasks/query', body: '{"task_id":""}', status: 400, code: 'invalid_param' },
    {
      what: 'with a name that is none',
      path: '/v1/tasks/query',
      body: '{"task_id":7}',
      status: 400,
      code: 'invalid_param',
    },
    {
      what: 'with a name that no database takes',
      path: '/v1/tasks/query',
      body: '{"out_task_id":"\\u0000"}',
      status: 400,
      code: 'invalid_param',
    },
    { what: 'without a body', path: '/v1/tasks/query', body: '', status: 400, code: 'invalid_param' },
    { what: 'with a list', path: '/v1/tasks/query', body: '[]', status: 400, code: 'invalid_param' },
    { what: 'with both names to cancel', path: '/v1/tasks/cancel', body: both, status: 400, code: 'invalid_param' },
    { what: 'without a name to cancel', path: '/v1/tasks/cancel', body: '', status: 400, code: 'invalid_param' },
    {
      what: 'with an id in its address and a name in its body',
      path: `/v1/tasks/cancel/${task.taskId}`,
      body: '{"out_task_id":"mine"}',
      status: 400,
      code: 'invalid_param',
    },
    {
      what: 'about nothing',
      path: '/v1/tasks/query',
      body: '{"task_id":"task_x"}',
      status: 404,
      code: 'task_not_found',
    },
    { what: 'to cancel nothing', path: '/v1/tasks/cancel/task_x', body: '', status: 404, code: 'task_not_found' },
    {
      what: 'larger than a mebibyte',
      path: '/v1/tasks/query',
      body: `{"task_id":"x","more":"${'x'.repeat(1_048_576)}"}`,
      status: 413,
      code: 'request_too_large',
    },
  ])('$what', async ({ path, body, status, code }) => {
    const reply = await post(path, body);
    expect([reply.status, reply.json()]).toMatchObject([status, { error: { code } }]);
  });

  it.each([
    { path: '/v1/tasks/query', status: 400, code: 'invalid_param' },
    { path: `/v1/tasks/query?task_id=${task.taskId}&out_task_id=mine`, status: 400, code: 'invalid_param' },
    { path: '/v1/tasks/query?task_id=task_x', status: 404, code: 'task_not_found' },
    { path: '/v1/videos/tasks/task_x', status: 404, code: 'task_not_found' },
    { path: '/v1/tasks/submit', status: 405, code: 'method_not_allowed' },
    { path: '/v1/tasks/nothing', status: 404, code: 'not_found' },
  ])('at $path', async ({ path, status, code }) => {
    const reply = await ingress.send({ path, headers: KEY });
    expect([reply.status, reply.json()]).toMatchObject([status, { error: { code } }]);
  });

  it.each(['/v1/tasks/query', '/v1/tasks/cancel', `/v1/tasks/cancel/${task.taskId}`])(
    'at %s without a key',
    async (path) => {
      expect((await ingress.send({ method: 'POST', path, body: '{}' })).status).toBe(401);
    },
  );
});

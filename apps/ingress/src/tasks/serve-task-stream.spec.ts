import { configuration, tasks, type TaskView } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { digestKey } from '@bytespike/secrets';

import type { Script } from '../testing/fake-platform.js';
import { task } from '../testing/fake-tasks.js';
import { open, read } from '../testing/http-client.js';
import { runIngress, type IngressUnderTest, type Settings } from '../testing/run-ingress.js';
import { API_KEY, PEPPER, principal } from '../testing/samples.js';
import { until } from '../testing/steps.js';

const KEY = { 'x-api-key': API_KEY };
const PATH = `/v1/tasks/stream/${task.taskId}`;

const running: TaskView = { ...task, state: 'running', version: 2, progress: { percent: 40 } };
const completed: TaskView = { ...task, state: 'completed', version: 3, cost: 1n, endedAt: task.createdAt + 1 };

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

/** A gateway at which the task is as `now` says; changes of it are published by the test. */
const start = async (now: TaskView, settings: Settings = {}, more: Script['tasks'] = {}): Promise<void> => {
  const script: Script = {
    tasks: { read: async () => ({ task: now }), readMany: async () => ({ tasks: [] }), ...more },
  };
  ingress = await runIngress(script, settings);
};

interface Listening {
  readonly text: () => string;
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly ended: Promise<string>;
  hangUp(): void;
}

async function listen(headers: Record<string, string> = {}, path = PATH): Promise<Listening> {
  const controller = new AbortController();
  const response = await open(ingress.address, {
    path,
    headers: { ...KEY, ...headers },
    signal: controller.signal,
  });
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return {
    text: () => text,
    status: response.statusCode,
    headers: response.headers,
    ended: new Promise((resolve) => response.once('close', () => resolve(text)).on('error', () => undefined)),
    hangUp: () => controller.abort(),
  };
}

const tell = (told: TaskView): Promise<unknown> => ingress.bus.publish(tasks.changed, { task: told });

/** The events of a stream: id, name, and what the task was. */
const events = (text: string): [id: string, event: string, status: string][] =>
  text
    .split('\n\n')
    .filter((record) => record.includes('data: '))
    .map((record) => {
      const [, id = '', event = '', data = ''] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(record) ?? [];
      return [id, event, (JSON.parse(data) as { status: string }).status];
    });

describe('the stream of a task', () => {
  it('does not tell what was made to a key that was revoked meanwhile', async () => {
    let isRevoked = false;
    ingress = await runIngress({
      tasks: { read: async () => ({ task }), readMany: async () => ({ tasks: [] }) },
      routing: {
        authenticate: async () => {
          if (isRevoked) throw new GatewayError('unauthenticated', 'This API key is not valid.');
          return principal;
        },
      },
    });
    const listening = await listen();
    await until(() => events(listening.text()).length === 1);
    isRevoked = true;
    await ingress.bus.publish(configuration.keyChanged, { changeId: 'c', keyDigests: [digestKey(API_KEY, PEPPER)] });
    await tell(completed);
    expect(events(await listening.ended)).toHaveLength(1);
  });

  it('tells it as it is, then every change, and closes after the end', async () => {
    await start(task);
    const listening = await listen();
    expect([listening.status, listening.headers]).toMatchObject([
      200,
      {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        'x-accel-buffering': 'no',
        'x-quota-remaining-credits': '12.34',
      },
    ]);
    await tell(running);
    await tell({ ...running, taskId: 'task_other', version: 7 });
    await tell(task);
    await tell(completed);
    expect(events(await listening.ended)).toEqual([
      ['1', 'task.updated', 'pending'],
      ['2', 'task.updated', 'running'],
      ['3', 'task.updated', 'completed'],
    ]);
  });

  it('begins after what the client has seen', async () => {
    await start(running);
    const listening = await listen({ 'last-event-id': '2' });
    await tell(completed);
    expect(events(await listening.ended)).toEqual([['3', 'task.updated', 'completed']]);
  });

  it('tells who comes back of all that was made meanwhile, since every event is the whole task', async () => {
    const made = (place: number) => ({
      name: `img/2026-11-20/${task.taskId}-${String(place)}.png`,
      ...{ contentType: 'image/png', bytes: 7, sha256: 'ab' },
    });
    await start({ ...completed, kind: 'image', version: 9, outputs: [made(0), made(1)] });
    const text = await (await listen({ 'last-event-id': '2' })).ended;
    expect(events(text)).toEqual([['9', 'task.updated', 'completed']]);
    const { output } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '') as { output: { url: string }[] };
    expect(output.map(({ url }) => new URL(url).pathname)).toEqual(
      [0, 1].map((place) => `/v1/assets/${made(place).name}`),
    );
  });

  it.each(['1', '4', 'nonsense', '-5', ''])('tells what there is to who has seen %j', async (id) => {
    await start(completed);
    expect(events(await (await listen({ 'last-event-id': id })).ended)).toEqual([['3', 'task.updated', 'completed']]);
  });

  it('tells a client that has seen the end not to come again', async () => {
    await start(completed);
    const reply = await ingress.send({ path: PATH, headers: { ...KEY, 'last-event-id': '3' } });
    expect([reply.status, reply.body.length]).toEqual([204, 0]);
  });

  it('loses no change that comes while the task is being read', async () => {
    await start(
      task,
      {},
      {
        read: async () => {
          await tell(completed);
          return { task };
        },
      },
    );
    expect(events(await (await listen()).ended).at(-1)).toEqual(['3', 'task.updated', 'completed']);
  });

  it('asks now and then, in case a fact was lost', async () => {
    const asked: (readonly string[])[] = [];
    await start(
      task,
      { timings: { taskLookMs: 1 } },
      {
        readMany: async ({ taskIds }) => {
          asked.push(taskIds);
          return { tasks: [completed] };
        },
      },
    );
    expect(events(await (await listen()).ended)).toEqual([
      ['1', 'task.updated', 'pending'],
      ['3', 'task.updated', 'completed'],
    ]);
    expect(asked[0]).toEqual([task.taskId]);
  });

  it('goes on when task-worker cannot be asked for a while', async () => {
    let asked = 0;
    await start(
      task,
      { timings: { taskLookMs: 1 } },
      {
        readMany: async () => {
          asked += 1;
          if (asked < 3) throw new GatewayError('unavailable', 'away');
          return { tasks: [completed] };
        },
      },
    );
    expect(events(await (await listen()).ended).at(-1)).toEqual(['3', 'task.updated', 'completed']);
  });

  it('keeps its connection alive with comments', async () => {
    await start(task, { timings: { keepAliveEveryMs: 1, firstKeepAliveMs: 1 } });
    const listening = await listen();
    await until(() => listening.text().includes(': keep-alive\n\n: keep-alive\n\n'));
    await tell(completed);
    expect(events(await listening.ended).map(([id]) => id)).toEqual(['1', '3']);
  });

  it('ends at the deadline of every request, to be taken up again', async () => {
    await start(task, { timings: { requestDeadlineMs: 50 } });
    expect(events(await (await listen()).ended)).toEqual([['1', 'task.updated', 'pending']]);
  });

  it('ends when the gateway goes down, and holds nothing up', async () => {
    await start(task, { drainGraceMs: 0 });
    const listening = await listen();
    await until(() => listening.text() !== '');
    const drained = ingress.running.drain(60_000);
    expect(events(await listening.ended)).toEqual([['1', 'task.updated', 'pending']]);
    await drained;
  });

  it('is over when its client leaves', async () => {
    const asked: (readonly string[])[] = [];
    await start(
      task,
      { timings: { taskLookMs: 1 } },
      {
        readMany: async ({ taskIds }) => {
          asked.push(taskIds);
          return { tasks: [] };
        },
      },
    );
    const listening = await listen();
    await until(() => asked.length > 0);
    listening.hangUp();
    await listening.ended;
    const other = await listen({}, '/v1/tasks/stream/task_other');
    await until(() => String(asked.at(-1)) === 'task_other');
    other.hangUp();
    await other.ended;
  });

  it('shows its head to who asks for that alone', async () => {
    await start(task);
    const reply = await read(await open(ingress.address, { method: 'HEAD', path: PATH, headers: KEY }));
    expect([reply.status, reply.headers['content-type'], reply.body.length]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      0,
    ]);
  });

  it.each([
    { what: 'without a key', headers: {}, path: PATH, status: 401, code: 'invalid_api_key' },
    { what: 'of no task', headers: KEY, path: '/v1/tasks/stream/task_x', status: 404, code: 'task_not_found' },
  ])('is refused $what', async ({ headers, path, status, code }) => {
    ingress = await runIngress();
    const reply = await ingress.send({ path, headers });
    expect([reply.status, reply.json()]).toMatchObject([status, { error: { code } }]);
  });
});

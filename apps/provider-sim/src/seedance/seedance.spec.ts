import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ark } from '../responses-look-alikes/ark.js';
import { tosStore } from '../stores/tos-store.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { controlOf, until } from '../testing/watch.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([ark, tosStore]);
});
afterAll(() => simulator.close());

interface Task {
  readonly id: string;
  readonly status: string;
  readonly content?: { readonly video_url?: string; readonly last_frame_url?: string };
  readonly usage?: { readonly completion_tokens: number; readonly total_tokens: number };
  readonly error?: { readonly code: string };
  readonly failure_reason?: { readonly code: string };
}

const send = async <Body = Record<string, unknown>>(method: string, path: string, body?: object, key = 'sim-ark') => {
  const response = await fetch(`${simulator.address}/ark/api/v3/contents/generations/tasks${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
};
const MODEL = 'doubao-seedance-2-0-260128';
const create = async (text: string, more: object = {}) => {
  const { body } = await send('POST', '', { model: MODEL, content: [{ type: 'text', text }], ...more });
  return String(body['id']);
};
const retrieve = async (id: string) => (await send<Task>('GET', `/${id}`)).body;
const reaches = (id: string, word: string) =>
  until(
    () => retrieve(id),
    ({ status }) => status === word,
  );
const release = (hold: string) =>
  until(
    () => controlOf(simulator.address)('POST', 'release', { hold }),
    ({ released }) => released === 1,
  );

describe('the films of Seedance', () => {
  it('is a task that waits, runs and succeeds, with what it cost and where it lies', async () => {
    const id = await create('a cat [[fault: queue-hold=q render-ms=0 render-hold=r]]', {
      ...{ resolution: '1080p', ratio: '9:16', duration: 8, seed: 7, return_last_frame: true },
    });
    expect(id).toMatch(/^cgt-\d{14}-[a-z0-9]+$/);
    expect(await retrieve(id)).toMatchObject({ status: 'queued', model: MODEL, seed: 7, resolution: '1080p' });
    await release('q');
    await reaches(id, 'running');
    await release('r');
    const task = await reaches(id, 'succeeded');
    expect(task).toMatchObject({ ratio: '9:16', duration: 8, framespersecond: 24 });
    expect(task.usage?.completion_tokens).toBe((1080 * 1920 * 24 * 8) / 1024);
    const film = await fetch(task.content?.video_url ?? '', { headers: { range: 'bytes=4-7' } });
    expect([film.status, await film.text()]).toEqual([206, 'ftyp']);
    const frame = await fetch(task.content?.last_frame_url ?? '');
    expect(frame.headers.get('content-type')).toBe('image/png');
  });

  it('lists many at once, by name, status and model, each key its own', async () => {
    const ids = [await create('one [[fault: queue-hold=x]]'), await create('two [[fault: queue-hold=x]]')];
    await create('three [[fault: queue-hold=x]]');
    const query = ids.map((id) => `filter.task_ids=${id}`).join('&');
    const listed = (await send('GET', `?page_size=50&${query}`)).body as { total: number; items: Task[] };
    expect([listed.total, listed.items.map(({ id }) => id).toSorted()]).toEqual([2, ids.toSorted()]);
    const paged = (await send('GET', `?page_size=1&page_num=2&${query}`)).body as { total: number; items: Task[] };
    expect([paged.total, paged.items.length]).toEqual([2, 1]);
    expect((await send('GET', `?${query}`, undefined, 'sim-other')).body).toEqual({ total: 0, items: [] });
    expect((await send('GET', `?filter.status=running&${query}`)).body).toEqual({ total: 0, items: [] });
    expect((await send('GET', '?page_size=501')).status).toBe(400);
  });

  it('is called off while it waits, is safe while it runs, and is forgotten afterwards', async () => {
    const waiting = await create('x [[fault: queue-hold=w]]');
    expect((await send('DELETE', `/${waiting}`)).status).toBe(200);
    expect((await retrieve(waiting)).status).toBe('cancelled');
    const running = await create('x [[fault: queue-ms=0 render-hold=w]]');
    await reaches(running, 'running');
    expect((await send('DELETE', `/${running}`)).status).toBe(409);
    const done = await create('x [[fault: render-ms=0]]');
    await reaches(done, 'succeeded');
    expect((await send('DELETE', `/${done}`)).status).toBe(200);
    expect((await send('GET', `/${done}`)).status).toBe(404);
  });

  it.each([
    ['failed', 'failed', 'InternalServiceError'],
    ['filtered', 'failed', 'OutputVideoSensitiveContentDetected'],
    ['expired', 'expired', undefined],
    ['exploded', 'exploded', undefined],
  ])('ends %s as ordered', async (outcome, word, code) => {
    const id = await create(`x [[fault: render-ms=0 outcome=${outcome}]]`);
    const task = await reaches(id, word);
    expect([task.error?.code, task.content, task.usage]).toEqual([code, undefined, undefined]);
    const listed = (await send<{ items: Task[] }>('GET', `?filter.task_ids=${id}`)).body;
    expect([listed.items[0]?.error, listed.items[0]?.failure_reason?.code]).toEqual([undefined, code]);
  });

  it('succeeds without a film, and with one that is gone too soon', async () => {
    const empty = await create('x [[fault: render-ms=0 outcome=empty]]');
    expect((await reaches(empty, 'succeeded')).content).toEqual({});
    const brief = await create('x [[fault: render-ms=0 asset-ttl-ms=0]]');
    const { content } = await reaches(brief, 'succeeded');
    const gone = await fetch(content?.video_url ?? '');
    expect([gone.status, await gone.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
    const forged = await fetch((content?.video_url ?? '').replace(/Signature=..../, 'Signature=0000'));
    expect(await forged.text()).toContain('SignatureDoesNotMatch');
  });

  it('calls back when it begins and when it has ended, until somebody listens', async () => {
    const heard: string[] = [];
    let deaf = 1;
    const listener = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        deaf -= 1;
        if (deaf < 0) heard.push((JSON.parse(text) as Task).status);
        response.writeHead(deaf < 0 ? 200 : 500).end();
      });
    });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const callback_url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/told`;
    await create('x [[fault: render-ms=0]]', { callback_url });
    await until(
      () => Promise.resolve(heard),
      (words) => words.length === 2,
    );
    expect(heard.toSorted()).toEqual(['running', 'succeeded']);
    listener.close();
    listener.closeAllConnections();
  });

  it.each([
    [{ model: 'gpt-5.5' }, 404, 'InvalidEndpointOrModel.NotFound'],
    [{ content: [] }, 400, 'InvalidParameter'],
    [{ content: [{ type: 'image_url', image_url: 'x' }] }, 400, 'InvalidParameter'],
    [{ resolution: '8k' }, 400, 'InvalidParameter'],
    [{ ratio: '5:4' }, 400, 'InvalidParameter'],
    [{ duration: 4.5 }, 400, 'InvalidParameter'],
    [{ duration: 16 }, 400, 'InvalidParameter'],
    [{ model: 'doubao-seedance-1-5-pro-251215', duration: 13 }, 400, 'InvalidParameter'],
    [{ content: [{ type: 'text', text: '[[fault: outcome=blocked]]' }] }, 400, 'InputTextSensitiveContentDetected'],
  ])('refuses %j', async (more, status, code) => {
    const content = [{ type: 'text', text: 'x' }];
    const refused = await send('POST', '', { model: MODEL, content, ...more });
    expect(refused).toMatchObject({ status, body: { error: { code } } });
  });

  it('films longer with a newer model', async () => {
    const id = await create('x [[fault: queue-hold=z]]', { model: 'dreamina-seedance-2-5-260628', duration: 30 });
    expect(await retrieve(id)).toMatchObject({ duration: 30 });
  });

  it('reads the flags that older models take inside the text', async () => {
    const id = await create('x --rs 480p --rt 21:9 --dur 10 [[fault: queue-hold=z]]');
    expect(await retrieve(id)).toMatchObject({ resolution: '480p', ratio: '21:9', duration: 10 });
  });
});

import { Readable } from 'node:stream';

import { nameMade } from '@bytespike/assets';
import type { MediaAsked } from '@bytespike/contracts';

import { taskView } from './domain/task-view.js';
import { targetOf } from './testing/film-input.js';
import { attempt } from './testing/scripted-vendor.js';
import { WorkerUnderTest } from './testing/worker-under-test.js';

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await WorkerUnderTest.start();
});
afterEach(() => worker.stop());

describe('a worker that dies over pictures', () => {
  const asked: MediaAsked = {
    kind: 'image',
    request: { prompt: 'a cat', n: 2, size: '1024x1024', format: 'png', images: [], responseFormat: 'url' },
  };
  const pictures = { asked, targets: [targetOf({ kind: 'image' })] };
  const keep = (workId: string, slot: number): Promise<unknown> =>
    worker.assets.put({
      name: nameMade({
        ...{ kind: 'img', workId, slot: String(slot) },
        ...{ at: new Date(worker.now), contentType: 'image/png' },
      }),
      contentType: 'image/png',
      body: Readable.from([Buffer.from('a cat')]),
      bytesMax: 5,
    });

  it('leaves a task that is done with those that lie in the store, paid for once and not drawn again', async () => {
    const { task } = await worker.submit(pictures);
    await worker.crashAt(task.taskId, 'send');
    for (const slot of [0, 1]) await keep(task.taskId, slot);

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 200_000_000n });
    expect(taskView(ended).outputs?.map(({ name, bytes }) => [name.slice(-6), bytes])).toEqual([
      ['-0.png', 5],
      ['-1.png', 5],
    ]);
    expect(worker.vendor.calls.submit).toBe(0);
  });

  it('leaves a task that waits for an operator where one is missing, and costs nothing', async () => {
    const { task } = await worker.submit(pictures);
    await worker.crashAt(task.taskId, 'send');
    await keep(task.taskId, 0);

    expect(await worker.step(task.taskId)).toMatchObject({ state: 'needs_review', reviewReason: 'lost-submit' });
    expect(await worker.run(task.taskId)).toMatchObject({ state: 'failed', cost: 0n });
    expect(worker.vendor.calls.submit).toBe(0);
  });

  it('is nothing else than an answer that was lost on its way: they are found too', async () => {
    const failure = { kind: 'unavailable' as const, message: 'the peer died' };
    worker.vendor.script.submit = async (workId) => {
      for (const slot of [0, 1]) await keep(workId, slot);
      return { submitted: { type: 'unclear', failure }, credentialId: 'credential-2', attempts: [attempt()] };
    };
    const { task } = await worker.submit(pictures);

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 200_000_000n, credentialId: 'credential-2' });
    expect(worker.vendor.calls.submit).toBe(1);
  });
});

import { FILM_INPUT, type SubmitInput } from './testing/film-input.js';
import { WorkerUnderTest } from './testing/worker-under-test.js';

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await WorkerUnderTest.start();
});
afterEach(() => worker.stop());

describe('a film', () => {
  it('is taken, made, copied and paid for', async () => {
    const { task, isNew, holdBasis } = await worker.submit();
    expect({ isNew, holdBasis, state: task.state, estimatedCost: task.estimatedCost }).toEqual({
      isNew: true,
      holdBasis: 'book',
      state: 'pending',
      estimatedCost: 500_000_000n,
    });

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 500_000_000n, asked: undefined, nextActionAt: undefined });
    expect(worker.announced.map(({ state }) => state)).toEqual(['running', 'completed']);
    expect(worker.announced.at(-1)).toMatchObject({ outputs: [{ name: 'film-0.mp4' }], cost: 500_000_000n });
    expect(worker.vendor.calls).toEqual({ submit: 1, ask: 1, askMany: 0, lookUp: 0, cancel: 0, fetch: 1 });
    expect(worker.ledger.facts).toHaveLength(1);
  });

  it('forgets its prompt and what its caller brought along once it has ended', async () => {
    const source = { type: 'asset' as const, id: 'upl/first.png', mediaType: 'image/png' };
    const { kind, request } = FILM_INPUT.asked;
    const images = [{ role: 'first-frame' as const, source }];
    const asked = { kind, request: { ...request, images } } as SubmitInput['asked'];
    const { task } = await worker.submit({ asked });

    await worker.run(task.taskId);

    const { rows } = await worker.pool.query('SELECT to_jsonb(t)::text AS text FROM tasks.task AS t');
    expect(JSON.stringify(rows)).not.toContain('a cat on a train');
    expect(worker.forgotten).toEqual(['upl/first.png']);
  });
});

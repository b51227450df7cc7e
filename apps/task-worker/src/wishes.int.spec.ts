import type { RenderReport } from '@bytespike/contracts';

import { cancelTask } from './requests/cancel-task.js';
import { reviewHandlers } from './requests/reviews.js';
import { accepted, CREDENTIAL, filmed } from './testing/scripted-vendor.js';
import { PRINCIPAL, targetOf } from './testing/film-input.js';
import { WorkerUnderTest } from './testing/worker-under-test.js';

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await WorkerUnderTest.start();
});
afterEach(() => worker.stop());

const going: RenderReport = { state: 'running', word: 'in_progress', progress: { percent: 40 } };
const forbidden: RenderReport = {
  state: 'unknown',
  word: '403',
  attention: 'operator',
  failure: { kind: 'upstream-credential', message: 'forbidden' },
};
const ark = { targets: [targetOf({ vendor: 'bytedance', upstreamModel: 'seedance' })] };

const cancel = (taskId: string) =>
  cancelTask({ accountId: PRINCIPAL.accountId, keyId: PRINCIPAL.keyId, taskId }, worker.ports);

describe('a cancel', () => {
  it('before anything was sent is done when it is answered, and free', async () => {
    const { task } = await worker.submit();

    expect((await cancel(task.taskId)).task).toMatchObject({ state: 'cancelled', cost: 0n });
    expect(worker.vendor.calls.submit).toBe(0);
    expect((await cancel(task.taskId)).task).toMatchObject({ state: 'cancelled', cost: 0n });
  });

  it('of a render that waits stops it where its vendor can', async () => {
    worker.vendor.script.ask = async () => ({ ...going, state: 'queued' });
    worker.vendor.script.cancel = async () => 'stopped';
    const { task } = await worker.submit(ark);
    await worker.step(task.taskId);
    await cancel(task.taskId);

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'cancelled', cost: 0n });
    expect(worker.vendor.calls.cancel).toBe(1);
  });

  it('of a render that cannot be stopped lets it go on, delivered and paid for', async () => {
    const reports = [going, going, filmed(5)];
    worker.vendor.script.ask = async () => reports.shift() ?? filmed(5);
    const { task } = await worker.submit();
    await worker.step(task.taskId);
    expect(await cancel(task.taskId)).toMatchObject({ task: { state: 'running' }, outlook: 'unstoppable' });

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
    expect(worker.vendor.calls.cancel).toBe(0);
  });

  it('that comes while a worker writes is seen at once', async () => {
    const { task } = await worker.submit(ark);
    worker.vendor.script.submit = async () => {
      await cancel(task.taskId);
      return accepted('cgt-1');
    };

    const sent = await worker.step(task.taskId);

    expect(sent.nextActionAt).toBeLessThanOrEqual(worker.now);
  });

  it("of another key's task finds nothing", async () => {
    const { task } = await worker.submit();

    await expect(
      cancelTask({ accountId: PRINCIPAL.accountId, keyId: 'key-2', taskId: task.taskId }, worker.ports),
    ).rejects.toMatchObject({ kind: 'task-not-found' });
  });
});

describe('the ledger', () => {
  it('that has lost a fact is told again, until it has it', async () => {
    worker.ledger.isDeaf = true;
    const { task } = await worker.submit();
    for (let steps = 0; steps < 12; steps += 1) await worker.step(task.taskId);
    expect(await worker.row(task.taskId)).toMatchObject({ state: 'settling', cost: undefined });

    worker.ledger.isDeaf = false;
    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
    expect(worker.ledger.facts.at(-1)?.repeat).toBeGreaterThan(0);
  });
});

describe('an operator', () => {
  it('finds what waits, and ends it free', async () => {
    worker.vendor.script.ask = async () => forbidden;
    const { task } = await worker.submit();
    while ((await worker.step(task.taskId)).state !== 'needs_review');
    const reviews = reviewHandlers(worker.ports);
    const context = { requestId: 'r', deadline: Date.now() + 1_000, signal: new AbortController().signal };

    await expect(reviews.listReviews({ limit: 10 }, context)).resolves.toMatchObject({
      reviews: [{ taskId: task.taskId, reason: 'no-verdict', upstreamId: 'video_1' }],
    });
    await reviews.decideReview({ taskId: task.taskId, decision: 'fail', actor: 'op' }, context);

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'failed', cost: 0n });
    await expect(
      reviews.decideReview({ taskId: task.taskId, decision: 'fail', actor: 'op' }, context),
    ).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('who says too little, or names another task`s render, is told so and may say more at once', async () => {
    const google = { targets: [targetOf({ vendor: 'google', upstreamModel: 'veo-3.1' })] };
    const [going, lost] = [await worker.submit(google), await worker.submit(google)];
    const { upstreamId = '' } = await worker.step(going.task.taskId);
    await worker.crashAt(lost.task.taskId, 'send');
    await worker.step(lost.task.taskId);
    const context = { requestId: 'r', deadline: Date.now() + 1_000, signal: new AbortController().signal };
    const resume = (found: { upstreamId: string; credentialId?: string }) =>
      reviewHandlers(worker.ports).decideReview(
        { taskId: lost.task.taskId, decision: 'resume', ...found, actor: 'op' },
        context,
      );

    await expect(resume({ upstreamId: 'operations/9' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(resume({ upstreamId, credentialId: CREDENTIAL })).rejects.toThrow("The render is another task's.");
    await resume({ upstreamId: 'operations/9', credentialId: CREDENTIAL });

    expect(await worker.run(lost.task.taskId)).toMatchObject({ state: 'completed', upstreamId: 'operations/9' });
  });

  it('who has found a lost render at its vendor has it go on', async () => {
    const { task } = await worker.submit({ targets: [targetOf({ vendor: 'google', upstreamModel: 'veo-3.1' })] });
    await worker.crashAt(task.taskId, 'send');
    await worker.step(task.taskId);
    const context = { requestId: 'r', deadline: Date.now() + 1_000, signal: new AbortController().signal };
    const found = { upstreamId: 'operations/1', credentialId: CREDENTIAL };

    await reviewHandlers(worker.ports).decideReview(
      { taskId: task.taskId, decision: 'resume', ...found, actor: 'op' },
      context,
    );

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', ...found });
  });
});

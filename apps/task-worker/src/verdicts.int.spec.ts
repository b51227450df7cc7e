import { GatewayError } from '@bytespike/kernel';
import type { MediaAsked, RenderReport } from '@bytespike/contracts';

import { taskView } from './domain/task-view.js';
import { accepted, attempt, CREDENTIAL, filmed, keptFilm } from './testing/scripted-vendor.js';
import { targetOf } from './testing/film-input.js';
import { WorkerUnderTest } from './testing/worker-under-test.js';

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await WorkerUnderTest.start();
});
afterEach(() => worker.stop());

const HOUR_MS = 3_600_000;
const going: RenderReport = { state: 'running', word: 'in_progress', progress: { percent: 40 } };
const blocked: RenderReport = {
  state: 'failed',
  word: 'failed',
  failure: { kind: 'upstream-blocked', message: 'The prompt shows a real person.' },
};
const silent: RenderReport = { state: 'unknown', word: 'absent', attention: 'none' };
const forbidden: RenderReport = {
  state: 'unknown',
  word: '403',
  attention: 'operator',
  failure: { kind: 'upstream-credential', message: 'forbidden' },
};
const ark = { targets: [targetOf({ vendor: 'bytedance', upstreamModel: 'seedance' })] };

describe("a vendor's verdict", () => {
  it('that it failed is free, and told as far as it may be', async () => {
    worker.vendor.script.ask = async () => blocked;
    const { task } = await worker.submit();

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'failed', cost: 0n, asked: undefined });
    expect(taskView(ended).failure).toEqual({ kind: 'upstream-blocked', message: 'The prompt shows a real person.' });
    expect(worker.ledger.facts).toMatchObject([
      { outcome: { ending: 'failed', failure: { kind: 'upstream-blocked' } } },
    ]);
  });

  it('is waited for while it goes on, and its progress is told', async () => {
    const reports = [going, { ...going, progress: { percent: 80 } }, filmed(5)];
    worker.vendor.script.ask = async () => reports.shift() ?? filmed(5);
    const { task } = await worker.submit();

    await worker.run(task.taskId);

    expect(worker.announced.map(({ progress }) => progress?.percent)).toEqual([undefined, 40, 80, undefined]);
    expect(worker.announced.map(({ version }) => version)).toEqual([2, 3, 4, 5]);
  });

  it('charges the seconds that were rendered, and never more than were asked for', async () => {
    worker.vendor.script.ask = async () => filmed(4.2);
    const short = await worker.submit();
    expect(await worker.run(short.task.taskId)).toMatchObject({ state: 'completed', cost: 400_000_000n });

    worker.vendor.script.ask = async () => filmed(8);
    const long = await worker.submit();
    expect(await worker.run(long.task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
  });

  it.each<[string, RenderReport]>([
    ['silence', silent],
    ['our credential being refused', forbidden],
  ])(
    'is none when it is %s: the hold stays, the task waits for an operator, and a late success counts',
    async (_, said) => {
      worker.vendor.script.ask = async () => said;
      const { task } = await worker.submit();
      let row = await worker.row(task.taskId);
      while (row.state !== 'needs_review') row = await worker.step(task.taskId);
      expect(taskView(row)).toMatchObject({ state: 'running' });
      expect(worker.ledger.holds.get(task.taskId)?.charged).toBeUndefined();

      worker.vendor.script.ask = async () => filmed(5);
      expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
    },
  );

  it('that never comes ends the task failed and free, a day after it went into review', async () => {
    worker.vendor.script.ask = async () => forbidden;
    const { task } = await worker.submit();

    const ended = await worker.run(task.taskId, 5_000);

    expect(ended).toMatchObject({ state: 'failed', cost: 0n, failure: { kind: 'upstream-timeout' } });
    expect((ended.endedAt ?? 0) - ended.createdAt).toBeGreaterThan(24 * HOUR_MS);
    expect((ended.endedAt ?? 0) - ended.createdAt).toBeLessThan(26 * HOUR_MS);
  });

  it('that it goes on for ever ends before the hold lapses', async () => {
    worker.vendor.script.ask = async () => going;
    const { task } = await worker.submit();

    const ended = await worker.run(task.taskId, 5_000);

    expect(ended).toMatchObject({ state: 'failed', cost: 0n });
    expect((ended.endedAt ?? 0) - ended.createdAt).toBeLessThan(26 * HOUR_MS);
  });

  it('that cannot be asked for, because nobody is there to ask, leaves the task running', async () => {
    worker.vendor.script.ask = () => Promise.reject(new GatewayError('unavailable', 'nobody serves it'));
    const { task } = await worker.submit();
    for (let steps = 0; steps < 10; steps += 1) await worker.step(task.taskId);

    expect(await worker.row(task.taskId)).toMatchObject({ state: 'running', upstreamId: 'video_1' });
  });
});

describe('a send that is refused', () => {
  const refusedAs = (kind: 'upstream-transient' | 'upstream-rate-limited' | 'upstream-refused') => ({
    submitted: { type: 'refused' as const, failure: { kind, message: 'no' } },
    attempts: [attempt(kind)],
  });

  it('for what it asks ends the task, free', async () => {
    worker.vendor.script.submit = async () => refusedAs('upstream-refused');
    const { task } = await worker.submit();

    expect(await worker.run(task.taskId)).toMatchObject({
      state: 'failed',
      cost: 0n,
      failure: { kind: 'upstream-refused' },
    });
    expect(worker.vendor.calls.submit).toBe(1);
  });

  it('by one vendor goes to the next one at once, whose price counts', async () => {
    const second = targetOf({ channelId: 'channel-2', priceVersion: 'sora-2@2' });
    let sends = 0;
    worker.vendor.script.submit = async () =>
      (sends += 1) === 1 ? refusedAs('upstream-rate-limited') : accepted('video_2');
    const { task } = await worker.submit({ targets: [targetOf(), second] });

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', targets: [second, targetOf()] });
    expect(worker.ledger.facts).toMatchObject([{ priceVersion: 'sora-2@2' }]);
  });

  it('by a vendor that is down for a minute waits for it', async () => {
    const back = worker.now + 60_000;
    worker.vendor.script.submit = async () =>
      worker.now < back ? refusedAs('upstream-transient') : accepted('video_9');
    const { task } = await worker.submit();

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
  });

  it('by a vendor that stays down ends with its failure', async () => {
    worker.vendor.script.submit = async () => refusedAs('upstream-transient');
    const { task } = await worker.submit();

    const ended = await worker.run(task.taskId, 500);

    expect(ended).toMatchObject({ state: 'failed', cost: 0n, failure: { kind: 'upstream-transient' } });
    expect((ended.endedAt ?? 0) - ended.createdAt).toBeLessThanOrEqual(15 * 60_000 + 1_000);
  });
});

describe('what was made', () => {
  it('and cannot be had any more is not paid for', async () => {
    const failure = { kind: 'upstream-transient' as const, message: 'gone' };
    worker.vendor.script.fetch = async () => ({ type: 'failed', failure, isGone: true });
    const { task } = await worker.submit();

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'failed', cost: 0n });
  });

  it('is fetched again until it is there', async () => {
    const failure = { kind: 'upstream-transient' as const, message: 'cut' };
    let tries = 0;
    worker.vendor.script.fetch = async () =>
      (tries += 1) < 4 ? { type: 'failed', failure, isGone: false } : { type: 'kept', asset: keptFilm('film') };
    const { task } = await worker.submit();

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
  });

  it('of several pictures is paid by the piece that was delivered', async () => {
    const picture = (index: number) => ({ from: 'store' as const, asset: keptFilm('picture', index) });
    worker.vendor.script.submit = async () => ({
      submitted: {
        type: 'finished',
        report: {
          state: 'succeeded',
          word: 'succeeded',
          assets: [picture(0), picture(1), picture(2)],
          rendered: { images: 3 },
        },
      },
      credentialId: CREDENTIAL,
      attempts: [attempt()],
    });
    const asked: MediaAsked = {
      kind: 'image',
      request: { prompt: 'a cat', n: 4, size: '1024x1024', format: 'png', images: [], responseFormat: 'url' },
    };
    const { task } = await worker.submit({ asked, targets: [targetOf({ kind: 'image', vendor: 'bytedance' })] });

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 300_000_000n });
    expect(taskView(ended).outputs).toHaveLength(3);
  });
});

describe('renders that are due together', () => {
  const takeFilms = async (films: number): Promise<readonly string[]> => {
    const taken: string[] = [];
    for (let film = 0; film < films; film += 1) taken.push((await worker.submit(ark)).task.taskId);
    for (const taskId of taken) await worker.step(taskId);
    const rows = await worker.store.readMany(taken);
    worker.now = Math.max(...rows.map(({ nextActionAt }) => nextActionAt ?? 0));
    return taken;
  };

  it('are asked about in one question, and one that it does not name by itself', async () => {
    worker.vendor.script.askMany = async (ids) =>
      Object.fromEntries(ids.filter((id) => id !== 'video_3').map((id) => [id, filmed(5)]));
    const taken = await takeFilms(5);

    await worker.askDue();

    expect(worker.vendor.calls).toMatchObject({ askMany: 1, ask: 1 });
    const rows = await worker.store.readMany(taken);
    expect(rows.map(({ report }) => report?.state)).toEqual(Array.from({ length: 5 }, () => 'succeeded'));
  });

  it('are asked about again when they go on, or when nobody could be asked', async () => {
    worker.vendor.script.askMany = async (ids) => Object.fromEntries(ids.map((id) => [id, going]));
    const taken = await takeFilms(3);
    await worker.askDue();
    expect(await worker.row(taken[0] ?? '')).toMatchObject({ state: 'running', polls: 1, progress: { percent: 40 } });

    worker.vendor.script.askMany = () => Promise.reject(new GatewayError('unavailable', 'away'));
    worker.now += 20_000;
    await worker.askDue();

    const rows = await worker.store.readMany(taken);
    expect(rows.map(({ state, polls }) => ({ state, polls }))).toEqual(
      Array.from({ length: 3 }, () => ({ state: 'running', polls: 2 })),
    );
    expect(rows.every(({ nextActionAt = 0 }) => nextActionAt > worker.now)).toBe(true);
  });

  it('are taken up fifty at a time, and the rest by whoever is woken for it', async () => {
    const taken = await takeFilms(60);
    worker.alarm.wakes.length = 0;
    worker.vendor.script.askMany = async (ids) => Object.fromEntries(ids.map((id) => [id, going]));

    await Promise.all([worker.askDue(), worker.askDue()]);

    const rows = await worker.store.readMany(taken);
    expect(rows.filter(({ polls }) => polls === 1)).toHaveLength(60);
    expect(worker.alarm.wakes.filter(({ name }) => name.startsWith('poll-more-'))).toHaveLength(1);
  });

  it('leave a cancel that comes meanwhile to the next look, which is at once', async () => {
    const [taskId = ''] = await takeFilms(2);
    worker.vendor.script.askMany = async (ids) => {
      await worker.store.requestCancel(taskId, worker.now);
      return Object.fromEntries(ids.map((id) => [id, { ...going, progress: {} }]));
    };

    await worker.askDue();

    expect((await worker.row(taskId)).nextActionAt).toBe(worker.now);
  });
});

import type { RenderReport } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { abandoned } from './domain/decide-end.js';
import { PATIENCE } from './domain/patience.js';
import { cancelTask } from './requests/cancel-task.js';
import { submitTask } from './requests/submit-task.js';
import { LEASE_MS } from './steps/lease.js';
import { save } from './steps/save.js';
import { workOnTask } from './steps/work-on-task.js';
import { FILM_INPUT, PRINCIPAL } from './testing/film-input.js';
import { accepted } from './testing/scripted-vendor.js';
import { WorkerUnderTest } from './testing/worker-under-test.js';

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await WorkerUnderTest.start();
});
afterEach(() => worker.stop());

const named = { ...FILM_INPUT, outTaskId: 'mine' };
const waiting = (leftMs = 10_000) => ({
  requestId: 'request-1',
  deadline: Date.now() + leftMs,
  signal: new AbortController().signal,
});
const picture = { type: 'asset' as const, id: 'upl/first.png', mediaType: 'image/png' };
const { asked } = FILM_INPUT;
/** Brings a picture along. */
const animated = {
  ...named,
  asked: { ...asked, request: { ...asked.request, images: [{ role: 'first-frame', source: picture }] } },
} as typeof FILM_INPUT;
const rows = async (): Promise<{ id: string; state: string }[]> =>
  (await worker.pool.query<{ id: string; state: string }>('SELECT id, state FROM tasks.task')).rows;

/** Has what nobody was told of found, given up and settled. */
const forget = async (): Promise<void> => {
  worker.now += PATIENCE.admittingMs;
  for (const { id } of [...(await rows()), ...(await rows())]) await worker.look(id);
};

describe('a submit whose hold', () => {
  it('was given to somebody who had stopped waiting leaves its row, by which the hold ends', async () => {
    const { ports } = worker;
    const hold: typeof ports.hold = async (request) => {
      await ports.hold(request, waiting());
      throw new GatewayError('cancelled', 'the call was cancelled by its caller');
    };

    await expect(submitTask(animated, waiting(), { ...ports, hold })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(worker.forgotten).toEqual([]);

    await forget();
    expect(worker.forgotten).toEqual([picture.id]);
    expect([await rows(), [...worker.ledger.holds.values()].map(({ charged }) => charged)]).toEqual([[], [0n]]);
  });

  it('came when nobody waited any more is not run: whoever repeats it must not pay for both', async () => {
    await expect(submitTask(FILM_INPUT, waiting(-1), worker.ports)).rejects.toMatchObject({ kind: 'unavailable' });

    await forget();
    expect([await rows(), worker.vendor.calls.submit]).toEqual([[], 0]);
    expect([...worker.ledger.holds.values()].map(({ charged }) => charged)).toEqual([0n]);
  });

  it('could be asked of nobody leaves nothing behind', async () => {
    const away = new GatewayError('unavailable', 'nobody serves it', { details: { delivered: false } });
    worker.ledger.refusal = away;

    await expect(submitTask(animated, waiting(), worker.ports)).rejects.toBe(away);

    expect([await rows(), worker.forgotten]).toEqual([[], [picture.id]]);
  });

  it('is over already, because its twin was that quick, answers what became of it', async () => {
    const { ports } = worker;
    const hold: typeof ports.hold = async (request, context) => {
      const twin = await submitTask(named, context, ports);
      await worker.run(twin.task.taskId);
      return ports.hold(request, context);
    };

    await expect(submitTask(named, waiting(), { ...ports, hold })).resolves.toMatchObject({
      isNew: true,
      task: { state: 'completed', cost: 500_000_000n },
    });
    expect(worker.vendor.calls.submit).toBe(1);
  });

  it('comes while its row is being given up is told so, or is run: never both', async () => {
    const { ports } = worker;
    const hold: typeof ports.hold = async (request, context) => {
      const held = await ports.hold(request, context);
      worker.now += PATIENCE.admittingMs;
      claimed = await worker.store.claim(request.requestId, worker.now, LEASE_MS);
      return held;
    };
    let claimed: Awaited<ReturnType<typeof worker.store.claim>>;

    const { task } = await submitTask(named, waiting(), { ...ports, hold });
    if (claimed) await save(claimed, abandoned(worker.now), ports);

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
  });
});

describe('an account with as many open tasks as it may have', () => {
  it('is told what became of the one it submits again, and that there is no room for another', async () => {
    const { task } = await submitTask(named, waiting(), worker.ports);
    const full = { assertRoom: () => Promise.reject(new GatewayError('rate-limited', 'as many as may be')) };
    const submit = (outTaskId: string | undefined) =>
      submitTask({ ...named, outTaskId }, waiting(), { ...worker.ports, openTasks: full });

    await expect(submit(named.outTaskId)).resolves.toMatchObject({ isNew: false, task: { taskId: task.taskId } });
    await expect(submit('another')).rejects.toMatchObject({ kind: 'rate-limited' });
    await expect(submit(undefined)).rejects.toMatchObject({ kind: 'rate-limited' });
  });
});

describe('a send', () => {
  it('that is no longer wanted when it is written is not made, and free', async () => {
    const { task } = await worker.submit();
    const { ports } = worker;
    const { accountId, keyId } = PRINCIPAL;
    const store = Object.assign(Object.create(worker.store) as typeof worker.store, {
      claim: async (...asked: Parameters<typeof worker.store.claim>) => {
        const claimed = await worker.store.claim(...asked);
        await cancelTask({ accountId, keyId, taskId: task.taskId }, ports);
        return claimed;
      },
    });
    await workOnTask(task.taskId, { ...ports, store });

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'cancelled', cost: 0n });
    expect(worker.vendor.calls.submit).toBe(0);
  });

  it('whose process stood still after it was written is not made: by then another may have looked for it', async () => {
    const { task } = await worker.submit();
    const { ports } = worker;
    const store = Object.assign(Object.create(worker.store) as typeof worker.store, {
      write: async (...written: Parameters<typeof worker.store.write>) => {
        const row = await worker.store.write(...written);
        if (row?.state === 'submitting') worker.now += 60_000;
        return row;
      },
    });
    await workOnTask(task.taskId, { ...ports, store });

    expect([worker.vendor.calls.submit, (await worker.row(task.taskId)).state]).toEqual([0, 'pending']);
    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed' });
    expect(worker.vendor.calls.submit).toBe(1);
  });

  it('that we broke off ourselves before it had arrived is made again', async () => {
    const ours = { type: 'refused' as const, failure: { kind: 'cancelled' as const, message: 'the caller left' } };
    worker.vendor.script.submit = async () =>
      worker.vendor.calls.submit === 1 ? { submitted: ours, attempts: [] } : accepted('video_2');
    const { task } = await worker.submit();

    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed', upstreamId: 'video_2' });
  });

  it('never may arrive later than its row says', async () => {
    const { task } = await worker.submit();
    const { ports } = worker;
    const store = Object.assign(Object.create(worker.store) as typeof worker.store, {
      write: async (...written: Parameters<typeof worker.store.write>) => {
        const row = await worker.store.write(...written);
        worker.now += 3_000;
        return row;
      },
    });
    let leftMs = 0;
    const vendors: typeof ports.vendors = {
      ...ports.vendors,
      submit: (request, sink, context) => {
        leftMs = context.deadline - Date.now();
        return ports.vendors.submit(request, sink, context);
      },
    };
    const sentAt = worker.now;
    await workOnTask(task.taskId, { ...ports, store, vendors });

    expect(leftMs).toBeLessThanOrEqual(PATIENCE.filmAnswerMs + PATIENCE.transitMs - 3_000);
    expect((await worker.row(task.taskId)).submittedAt).toBe(sentAt);
  });
});

describe('a question about many', () => {
  const going: RenderReport = { state: 'running', word: 'in_progress', progress: {} };
  /** Two films at a vendor without a list, both due. */
  const twoDue = async (): Promise<readonly [string, string]> => {
    worker.vendor.script.ask = async () => going;
    const [one, other] = [(await worker.submit()).task.taskId, (await worker.submit()).task.taskId];
    for (const taskId of [one, other]) await worker.step(taskId);
    worker.now += 60_000;
    return [one, other];
  };
  const polls = async (taskId: string): Promise<number> => (await worker.row(taskId)).polls;

  it('is noted of one whatever breaks about another', async () => {
    const [one, other] = await twoDue();
    worker.vendor.script.ask = async (upstreamId) =>
      upstreamId === 'video_1' ? ({ state: 'succeeded' } as never) : going;

    await worker.askDue();

    expect([await polls(one), await polls(other)]).toEqual([0, 1]);
    expect(await worker.store.claim(one, worker.now + 3_000, LEASE_MS)).toBeDefined();
  });

  it('is noted of one while the vendor says nothing of another', async () => {
    const [one, other] = await twoDue();
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const noted = new Promise<void>((resolve) => {
      const { postpone } = worker.store;
      worker.store.postpone = async (tasks) => {
        await postpone.call(worker.store, tasks);
        resolve();
      };
    });
    worker.vendor.script.ask = async (upstreamId) => {
      if (upstreamId === 'video_1') await answered;
      return going;
    };

    const asking = worker.askDue();
    await noted;
    expect([await polls(one), await polls(other)]).toEqual([0, 1]);
    answer();
    await asking;
    expect(await polls(one)).toBe(1);
  });
});

describe('a sweep', () => {
  it('finds a settlement behind a thousand films that wait for their vendor', async () => {
    const { task } = await worker.submit();
    while ((await worker.step(task.taskId)).state !== 'settling');
    await worker.pool.query(
      `INSERT INTO tasks.task (id, account_id, key_id, key_hint, input_hash, model, kind, shown, targets, state, mark, estimated_seconds, next_action_at)
       SELECT 'other_' || place, 'a', 'k', 'h', 'i', 'sora-2', 'video', '{}', '[]', 'pending', 1, 1, now() - interval '1 day'
       FROM generate_series(1, 1500) AS place`,
    );
    worker.alarm.wakes.length = 0;
    worker.now += 60_000;

    await worker.sweep();

    expect(worker.alarm.wakes).toHaveLength(1_001);
    expect(worker.alarm.wakes).toContainEqual(expect.objectContaining({ lane: 'settle', taskId: task.taskId }));
  });
});

describe('a lease', () => {
  it('that was given back is not taken again by the clock that kept it', async () => {
    const { task } = await worker.submit();
    const claimed = await worker.store.claim(task.taskId, worker.now, LEASE_MS);
    if (!claimed) throw new Error('it is due');
    await worker.store.write(claimed);

    expect(await worker.store.renew([claimed], LEASE_MS)).toBe(0);
    expect(await worker.store.claim(task.taskId, worker.now, LEASE_MS)).toBeDefined();
  });
});

describe('a task that breaks every step', () => {
  it('ends all the same, free, when its hold lapses', async () => {
    const { task } = await worker.submit();
    await worker.step(task.taskId);
    worker.vendor.script.ask = async () => ({ state: 'succeeded' }) as never;
    await worker.step(task.taskId);
    expect(await worker.row(task.taskId)).toMatchObject({ state: 'running', reviewReason: undefined, polls: 0 });

    worker.now += PATIENCE.holdMs;
    expect(await worker.run(task.taskId)).toMatchObject({ state: 'failed', cost: 0n });
  });
});

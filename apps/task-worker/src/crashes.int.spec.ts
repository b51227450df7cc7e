import { GatewayError } from '@bytespike/kernel';

import { accepted } from './testing/scripted-vendor.js';
import { FILM_INPUT, targetOf } from './testing/film-input.js';
import { WorkerUnderTest } from './testing/worker-under-test.js';

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await WorkerUnderTest.start();
});
afterEach(() => worker.stop());

/** A worker that dies here: its lease stays, and lapses. */
const die = (): Promise<never> => Promise.reject(new Death());
class Death extends Error {}

const found = (upstreamId: string, credentialId = 'credential-1') => ({
  type: 'found' as const,
  ...{ upstreamId, credentialId, isCertain: true },
});

/** What a dead worker leaves: the row as it was last written. Its lease is over, as if 15 seconds had passed. */
const lapse = async (): Promise<void> => void (await worker.pool.query(`UPDATE tasks.task SET lease_until = NULL`));

describe('a worker that dies', () => {
  const arkInput = { targets: [targetOf({ vendor: 'bytedance', model: 'seedance-2.0', upstreamModel: 'seedance' })] };

  it('before its vendor was called leaves a task that is looked up, and sent when it never came', async () => {
    const { task } = await worker.submit(arkInput);
    await worker.crashAt(task.taskId, 'send');
    expect(await worker.row(task.taskId)).toMatchObject({ state: 'submitting' });
    expect(worker.vendor.calls.submit).toBe(0);
    worker.vendor.script.lookUp = async () => ({ type: 'absent' });

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 500_000_000n });
    expect(worker.vendor.calls.submit).toBe(1);
  });

  it('after its vendor was called leaves a task that is found there, and not sent again', async () => {
    const { task } = await worker.submit(arkInput);
    await worker.crashAt(task.taskId, 'send');
    worker.vendor.script.lookUp = async () => found('cgt-1', 'credential-2');

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', upstreamId: 'cgt-1', credentialId: 'credential-2' });
    expect(worker.vendor.calls.submit).toBe(0);
  });

  it('does not believe that nothing came while it may still be on its way', async () => {
    const { task } = await worker.submit(arkInput);
    const sent = await worker.crashAt(task.taskId, 'send');
    worker.vendor.script.lookUp = async () => ({ type: 'absent' });
    const { arrivedBy = 0 } = sent;

    let looked = await worker.step(task.taskId);
    while (worker.now < arrivedBy) {
      expect(looked.state).toBe('submitting');
      looked = await worker.step(task.taskId);
    }

    expect(looked.state).toBe('pending');
  });

  it('at a vendor without a list leaves a task that waits for an operator, keeps its hold, and ends free after a day', async () => {
    const { task } = await worker.submit({ targets: [targetOf({ vendor: 'google', upstreamModel: 'veo-3.1' })] });
    await worker.crashAt(task.taskId, 'send');

    const reviewed = await worker.step(task.taskId);
    expect(reviewed).toMatchObject({ state: 'needs_review', reviewReason: 'lost-submit' });
    expect(worker.ledger.holds.get(task.taskId)?.charged).toBeUndefined();
    const since = worker.now;
    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'failed', cost: 0n, failure: { kind: 'upstream-timeout' } });
    expect((ended.endedAt ?? 0) - since).toBe(24 * 3_600_000);
    expect(worker.vendor.calls).toMatchObject({ submit: 0, lookUp: 0 });
  });

  it('does not take for its own what may be that of another send, under way or lost too', async () => {
    const [first, second] = [await worker.submit(arkInput), await worker.submit(arkInput)];
    await worker.crashAt(first.task.taskId, 'send');
    await worker.crashAt(second.task.taskId, 'send');
    worker.now += 60_000;
    worker.vendor.script.lookUp = async () => ({ ...found('cgt-1'), isCertain: false });

    expect(await worker.step(first.task.taskId)).toMatchObject({ state: 'submitting', upstreamId: undefined });
    worker.vendor.script.lookUp = async () => found('cgt-2');
    expect(await worker.step(second.task.taskId)).toMatchObject({ state: 'running', upstreamId: 'cgt-2' });
    worker.vendor.script.lookUp = async () => ({ ...found('cgt-1'), isCertain: false });
    expect(await worker.step(first.task.taskId)).toMatchObject({ state: 'running', upstreamId: 'cgt-1' });
    expect(worker.vendor.calls.submit).toBe(0);
  });

  it("does not take another's render for its own, however alike they are", async () => {
    const [first, second] = [await worker.submit(arkInput), await worker.submit(arkInput)];
    const { upstreamId = '' } = await worker.step(first.task.taskId);
    await worker.crashAt(second.task.taskId, 'send');
    worker.vendor.script.lookUp = async () => found(upstreamId);

    expect(await worker.step(second.task.taskId)).toMatchObject({ state: 'submitting', upstreamId: undefined });
  });

  it.each(['copy', 'settle'] as const)('before a %s leaves it to the next one, which does it once', async (step) => {
    const { task } = await worker.submit();
    await worker.crashAt(task.taskId, step);

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 500_000_000n });
    expect(worker.vendor.calls.submit).toBe(1);
    expect(worker.ledger.facts).toHaveLength(1);
  });

  it('after the fact was stored states it again, and is paid once', async () => {
    const { task } = await worker.submit();
    const { store } = worker;
    const end = store.end.bind(store);
    store.end = die;
    await expect(worker.run(task.taskId, 8)).resolves.toMatchObject({ state: 'settling' });
    store.end = end;
    await lapse();

    const ended = await worker.run(task.taskId);

    expect(ended).toMatchObject({ state: 'completed', cost: 500_000_000n });
    expect(worker.ledger.facts.length).toBeGreaterThan(1);
    expect(new Set(worker.ledger.facts.map(({ repeat: _, ...fact }) => JSON.stringify(fact))).size).toBe(1);
  });

  it('does not keep its answer: a sender whose lease lapsed still writes what only it knows', async () => {
    const { task } = await worker.submit(arkInput);
    worker.vendor.script.submit = async () => {
      await lapse();
      // Another worker has the task meanwhile.
      await worker.store.claim(task.taskId, worker.now, 60_000);
      return accepted('cgt-7');
    };

    const sent = await worker.step(task.taskId);

    expect(sent).toMatchObject({ state: 'running', upstreamId: 'cgt-7' });
  });
});

describe('wakes', () => {
  it('that come twice at once are worked on once', async () => {
    const { task } = await worker.submit();

    await Promise.all(Array.from({ length: 10 }, () => worker.look(task.taskId)));

    expect(worker.vendor.calls.submit).toBe(1);
  });

  it('that come too early change nothing', async () => {
    const { task } = await worker.submit();
    const running = await worker.step(task.taskId);

    await worker.look(task.taskId);

    expect(await worker.row(task.taskId)).toEqual(running);
  });

  it('that were lost are made up for', async () => {
    const { task } = await worker.submit();
    worker.alarm.wakes.length = 0;
    worker.now += 10_000;

    await worker.sweep();

    expect(worker.alarm.wakes).toMatchObject([{ taskId: task.taskId, lane: 'submit', delayMs: 0 }]);
  });

  it('are done without, when there is no alarm clock', async () => {
    const { task } = await worker.submit();
    worker.alarm.wake = () => Promise.reject(new GatewayError('unavailable', 'Redis is away'));
    for (let sweeps = 0; sweeps < 10; sweeps += 1) {
      worker.now += 60_000;
      await worker.sweep();
    }

    expect(await worker.row(task.taskId)).toMatchObject({ state: 'completed', cost: 500_000_000n });
  });
});

describe('a submit', () => {
  const named = { outTaskId: 'my-film' };

  it('of one name by a hundred at once makes one task and one hold', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => worker.submit(named)));

    expect(new Set(answers.map(({ task }) => task.taskId)).size).toBe(1);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(worker.ledger.holds.size).toBe(1);
  });

  it('of one name by a hundred at once is refused to all of them, and leaves the name free', async () => {
    worker.ledger.refusal = new GatewayError('insufficient-credit', 'The wallet is empty.');
    const answers = await Promise.allSettled(Array.from({ length: 100 }, () => worker.submit(named)));
    expect(new Set(answers.map((answer) => (answer.status === 'rejected' ? answer.reason.kind : 'taken')))).toEqual(
      new Set(['insufficient-credit']),
    );

    worker.ledger.refusal = undefined;
    await expect(worker.submit({ ...named, inputHash: 'another' })).resolves.toMatchObject({ isNew: true });
  });

  it('of a name with another input is refused', async () => {
    await worker.submit(named);

    await expect(worker.submit({ ...named, inputHash: 'hash-2' })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('of a name under another key is another task', async () => {
    const { task } = await worker.submit(named);
    const other = await worker.submit({ ...named, principal: { ...FILM_INPUT.principal, keyId: 'key-2' } });

    expect(other).toMatchObject({ isNew: true });
    expect(other.task.taskId).not.toBe(task.taskId);
  });

  it('whose worker died between row and hold is gone on with by whoever submits again', async () => {
    worker.ledger.refusal = new GatewayError('unavailable', 'the ledger is away');
    await expect(worker.submit(named)).rejects.toMatchObject({ kind: 'unavailable' });
    worker.ledger.refusal = undefined;

    const { task, isNew } = await worker.submit(named);

    expect({ isNew, state: task.state }).toEqual({ isNew: false, state: 'pending' });
    expect(await worker.run(task.taskId)).toMatchObject({ state: 'completed' });
  });

  it('whose hold was never answered, and that nobody repeats, gives the hold back and is forgotten', async () => {
    const hold = worker.ledger.hold.bind(worker.ledger);
    worker.ledger.hold = async (request) => {
      await hold(request);
      throw new GatewayError('unavailable', 'no answer before the deadline');
    };
    await expect(worker.submit(named)).rejects.toMatchObject({ kind: 'unavailable' });
    const [taskId = ''] = worker.ledger.holds.keys();

    await worker.step(taskId);
    await worker.step(taskId).catch(() => undefined);

    expect(await worker.store.readMany([taskId])).toEqual([]);
    expect(worker.ledger.holds.get(taskId)?.charged).toBe(0n);
  });
});

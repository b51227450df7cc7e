import { balanceAtRest, balanceOf, createKey, GROUPS, nano, newCustomer, type Customer } from './accounts.js';
import { holdsOf } from './ledger.js';
import { releaseHeld } from './media/gates.js';
import { rendersContaining } from './media/renders.js';
import {
  askTasks,
  cancelTask,
  eventsOf,
  hasEnded,
  readTask,
  submitTask,
  untilEnded,
  untilTask,
  watchTask,
  type Task,
} from './media/tasks.js';
import { release } from './simulator.js';

const WALLET_USD = '500.00';
/** A film that is not done before its gate is opened. */
const held = (gate: string, words = 'a film'): string => `[[fault: render-hold=${gate}]] ${words}`;
const gateOf = (name: string): string => `${name}-${crypto.randomUUID()}`;

interface Refusal {
  readonly error: { readonly type: string; readonly code: string; readonly param?: string; readonly message: string };
}

describe('tasks', () => {
  let customer: Customer;
  let key: string;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    key = customer.key;
  });

  it('are taken, asked about and answered in the shape that each was submitted in', async () => {
    const words = { prompt: 'a film', duration_seconds: 5 };
    const canonical = await submitTask(key, { model: 'sora-2', params: words });
    const flat = await askTasks(key, 'tasks/submit', { model: 'sora-2', ...words, resolution: '720p' });
    const videos = await askTasks(key, 'videos/generations', { model: 'sora2', ...words, size: '1280x720' });
    expect(canonical).toMatchObject({ status: 'pending' });
    expect(flat).toMatchObject({ status: 200, body: { status: 'queued', submitted_at: expect.anything() } });
    await Promise.all([canonical, flat.body, videos.body].map(({ task_id }) => untilEnded(key, task_id)));
    const asked = await Promise.all([
      readTask(key, canonical.task_id),
      askTasks(key, `tasks/query?task_id=${flat.body.task_id}`),
      askTasks(key, `videos/tasks/${videos.body.task_id}`),
    ]);
    expect(asked).toMatchObject([
      {
        status: 'completed',
        output: [{ type: 'video', url: expect.stringContaining('/v1/assets/'), duration_seconds: 5 }],
      },
      {
        body: {
          status: 'completed',
          result: { video_url: expect.stringContaining('/v1/assets/'), resolution: '720p' },
        },
      },
      { body: { status: 'completed', result_url: expect.stringContaining('/v1/assets/') } },
    ]);
  });

  it('tell their price without being made', async () => {
    const before = await balanceOf(key);
    const { status, body } = await askTasks(key, 'tasks/submit', {
      ...{ model: 'veo-3.1', params: { prompt: 'never', duration_seconds: 8 }, dry_run: true },
    });
    expect(status).toBe(200);
    expect(nano(String(body.estimated_credits))).toBe(nano('3.20'));
    expect(await balanceOf(key)).toEqual(before);
  });

  it.each([
    {
      what: 'a model that writes',
      ...{ body: { model: 'gpt-5-4', params: { prompt: 'x' } }, status: 400, code: 'invalid_param' },
    },
    {
      what: 'a length that the model has not',
      ...{
        body: { model: 'veo-3.1', params: { prompt: 'x', duration_seconds: 9 } },
        status: 400,
        code: 'invalid_param',
      },
    },
    {
      what: 'a parameter that nobody knows',
      ...{ body: { model: 'sora-2', params: { prompt: 'x', length: 5 } }, status: 400, code: 'invalid_param' },
    },
    { what: 'no model', body: { params: { prompt: 'x' } }, status: 400, code: 'invalid_param' },
    {
      what: 'an unknown model',
      body: { model: 'sora-9', params: { prompt: 'x' } },
      status: 404,
      code: 'model_not_found',
    },
    {
      what: 'more than a mebibyte',
      ...{
        body: { model: 'sora-2', params: { prompt: 'x'.repeat(1_100_000) } },
        status: 413,
        code: 'request_too_large',
      },
    },
  ])('refuse $what, and hold nothing', async ({ body, status, code }) => {
    const before = (await holdsOf(customer.accountId)).length;
    const answer = await askTasks<Refusal>(key, 'tasks/submit', body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect((await holdsOf(customer.accountId)).length).toBe(before);
  });

  it.each([
    {
      what: 'both names',
      path: 'tasks/query',
      body: { task_id: 'task_x', out_task_id: 'y' },
      status: 400,
      code: 'invalid_param',
    },
    { what: 'no name', path: 'tasks/query', body: {}, status: 400, code: 'invalid_param' },
    {
      what: 'both names to cancel',
      path: 'tasks/cancel',
      body: { task_id: 'task_x', out_task_id: 'y' },
      status: 400,
      code: 'invalid_param',
    },
    {
      what: 'a name that is nobody’s',
      path: 'tasks/query',
      body: { task_id: `task_${'0'.repeat(26)}` },
      status: 404,
      code: 'task_not_found',
    },
    { what: 'a stream of nothing', path: `tasks/stream/task_${'0'.repeat(26)}`, status: 404, code: 'task_not_found' },
  ])('refuse $what', async ({ path, body, status, code }) => {
    const answer = await askTasks<Refusal>(key, path, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('are one task and one hold, however often and however fast a name comes', async () => {
    const name = crypto.randomUUID();
    const gate = gateOf('twins');
    const submission = { model: 'sora-2', params: { prompt: held(gate, name) }, out_task_id: name };
    const { length: before } = await holdsOf(customer.accountId);
    const answers = await Promise.all(Array.from({ length: 100 }, () => askTasks(key, 'tasks/submit', submission)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const [id, ...others] = new Set(answers.map(({ body }) => body.task_id));
    expect(others).toEqual([]);
    expect((await holdsOf(customer.accountId)).length - before).toBe(1);
    const another = await askTasks<Refusal>(key, 'tasks/submit', { ...submission, model: 'veo-3.1-lite' });
    expect([another.status, another.body.error.code]).toEqual([409, 'duplicate_out_task_id']);
    await releaseHeld(gate);
    const ended = await untilEnded(key, id ?? '');
    expect(ended).toMatchObject({ status: 'completed', out_task_id: name });
    expect((await rendersContaining(name)).map(({ timesTaken }) => timesTaken)).toEqual([1]);
    // After its end, too, the name leads to what there is.
    expect(await submitTask(key, submission)).toEqual(await readTask(key, id ?? ''));
  });

  it('are another key’s under the same name, and nobody else’s to see', async () => {
    const other = await createKey(customer.management, GROUPS.default);
    const name = crypto.randomUUID();
    const submission = { model: 'seedance-fast', params: { prompt: 'mine' }, out_task_id: name };
    const [mine, theirs] = [await submitTask(key, submission), await submitTask(other, submission)];
    expect(mine.task_id).not.toBe(theirs.task_id);
    const stranger = await newCustomer('1.00');
    for (const asker of [other, stranger.key])
      for (const path of ['tasks/query', 'tasks/cancel'])
        expect((await askTasks<Refusal>(asker, path, { task_id: mine.task_id })).body.error.code).toBe(
          'task_not_found',
        );
    await Promise.all([untilEnded(key, mine.task_id), untilEnded(other, theirs.task_id)]);
  });

  it('are refused by an empty wallet, and leave nothing behind', async () => {
    const poor = await newCustomer('0.30');
    const name = crypto.randomUUID();
    const submission = { model: 'sora-2', params: { prompt: 'a film' }, out_task_id: name };
    const refused = await askTasks<Refusal>(poor.key, 'tasks/submit', submission);
    expect([refused.status, refused.body.error.code]).toEqual([402, 'insufficient_balance']);
    const asked = await askTasks<Refusal>(poor.key, 'tasks/query', { out_task_id: name });
    expect(asked.body.error.code).toBe('task_not_found');
  });

  it('go on being told from where a listener left off, and close after the end', async () => {
    const gate = gateOf('told');
    const { task_id: id } = await submitTask(key, { model: 'sora-2', params: { prompt: held(gate) } });
    const [first] = await firstEvent(key, id);
    expect(first).toMatchObject({ event: 'task.updated', task: { task_id: id } });
    await untilTask(key, id, ({ status }) => status === 'running');
    await releaseHeld(gate);
    const rest = await watchTask(key, id, first?.id);
    expect(rest.at(-1)?.task.status).toBe('completed');
    const versions = rest.map((event) => Number(event.id));
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    // Whoever comes after the end hears the end.
    expect((await watchTask(key, id)).map(({ task }) => task.status)).toEqual(['completed']);
  });

  it('are cancelled before anybody has begun, free of charge, and again with the same answer', async () => {
    const gate = gateOf('queue');
    const { task_id: id } = await submitTask(key, {
      model: 'seedance-fast',
      params: { prompt: `[[fault: queue-hold=${gate}]] a film` },
    });
    const cancelled = await untilCancelled(id);
    await release(gate);
    expect(cancelled).toMatchObject({ status: 'cancelled' });
    expect(Number(cancelled.credits_used ?? 0)).toBe(0);
    expect(await cancelTask(key, id)).toEqual(await readTask(key, id));
    const byPath = await askTasks(key, `tasks/cancel/${id}`, {});
    expect(byPath.body).toMatchObject({ task_id: id, status: 'cancelled' });
  });

  it('leave the wallet with what was made, and nothing held', async () => {
    const { held: still } = await balanceAtRest(key, 30_000);
    expect(still).toBe(0n);
  });

  /** Cancels, and waits for what its vendor says to it. */
  const untilCancelled = async (id: string): Promise<Task> => {
    await cancelTask(key, id);
    return untilTask(key, id, hasEnded);
  };
});

/** The first event of a stream, after which its listener hangs up. */
async function firstEvent(key: string, taskId: string) {
  for await (const event of eventsOf(key, taskId)) return [event] as const;
  return [];
}

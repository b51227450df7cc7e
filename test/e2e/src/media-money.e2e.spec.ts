import { balanceAtRest, nano, newCustomer, operate, type Customer } from './accounts.js';
import { holdsOf, usageOf, verifyLedger } from './ledger.js';
import { releaseHeld } from './media/gates.js';
import { rendersContaining } from './media/renders.js';
import { askTasks, cancelTask, readTask, submitTask, untilEnded, untilTask, type Task } from './media/tasks.js';
import { eventually, postJson } from './platform.js';

const WALLET_USD = '200.00';

/** How a render can end, and what it may cost. */
interface Ending {
  readonly what: string;
  readonly model: string;
  readonly params?: object;
  readonly orders: string;
  readonly status: Task['status'];
  readonly code?: string;
  readonly usd: string;
}

const ENDINGS: readonly Ending[] = [
  { what: 'a film', model: 'sora-2', orders: 'render-ms=300', status: 'completed', usd: '0.50' },
  { what: 'a film that failed', model: 'sora-2', orders: 'outcome=failed', status: 'failed', usd: '0' },
  {
    ...{ what: 'a film that was stopped by a filter when it was done', model: 'veo-3.1', orders: 'outcome=filtered' },
    ...{ status: 'failed', code: 'content_policy_violation', usd: '0' },
  },
  { what: 'a film of nothing', model: 'veo-3.1-fast', orders: 'outcome=empty', status: 'failed', usd: '0' },
  {
    ...{ what: 'a prompt that was refused', model: 'seedance-fast', orders: 'outcome=blocked' },
    ...{ status: 'failed', code: 'content_policy_violation', usd: '0' },
  },
  { what: 'a film that has expired', model: 'seedance-fast', orders: 'outcome=expired', status: 'failed', usd: '0' },
  {
    ...{ what: 'a film whose vendor is asked in vain at first', model: 'veo-3.1-lite' },
    ...{ orders: 'render-ms=300]] [[fault poll: status=403 times=2', status: 'completed', usd: '0.25' },
  },
  {
    ...{ what: 'a film whose copy breaks off at first', model: 'seedance-fast' },
    ...{ orders: 'render-ms=300]] [[fault asset: cut-bytes=1000 times=2', status: 'completed', usd: '0.40' },
  },
  {
    ...{ what: 'a film whose status nobody understands at first', model: 'seedance-fast' },
    ...{ orders: 'render-ms=1500 running-word=simmering', status: 'completed', usd: '0.40' },
  },
  {
    ...{ what: 'two of three pictures', model: 'seedream-4.5', params: { n: 3 } },
    ...{ orders: 'samples=3 item-errors=1', status: 'completed', usd: '0.06' },
  },
  {
    ...{ what: 'a picture that a filter stopped', model: 'nano-banana', orders: 'outcome=filtered' },
    ...{ status: 'failed', code: 'content_policy_violation', usd: '0' },
  },
];

describe('the money of renders', () => {
  let customer: Customer;
  const tasks = new Map<string, Promise<Task>>();
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    for (const { what, model, params, orders } of ENDINGS) {
      const submission = {
        model,
        params: { ...params, prompt: `[[fault: ${orders}]] ${what} ${crypto.randomUUID()}` },
      };
      const submitted = submitTask(customer.key, submission);
      tasks.set(
        what,
        submitted.then(({ task_id: id }) => untilEnded(customer.key, id, 120_000)),
      );
    }
    await Promise.allSettled(tasks.values());
  }, 150_000);

  const costOf = async (requestId: string): Promise<bigint | undefined> =>
    (await usageOf(customer.accountId)).find((row) => row.requestId === requestId)?.cost;

  it.each(ENDINGS)('$what is $status and costs $usd', async ({ what, status, code, usd }) => {
    const task = (await tasks.get(what))!;
    expect(task).toMatchObject({ status, ...(code !== undefined && { error: { code } }) });
    expect([nano(String(task.credits_used ?? 0)), (await costOf(task.task_id)) ?? 0n]).toEqual([nano(usd), nano(usd)]);
    const hold = (await holdsOf(customer.accountId)).find(({ request_id: id }) => id === task.task_id);
    expect(hold?.state).toBe(nano(usd) === 0n ? 'voided' : 'settled');
  });

  it('is given back for a film that nobody has begun', async () => {
    const gate = `unbegun-${crypto.randomUUID()}`;
    const { task_id: id } = await submitTask(customer.key, {
      ...{ model: 'seedance-fast', params: { prompt: `[[fault: queue-hold=${gate}]] ${gate}` } },
    });
    await untilAsked(gate);
    await cancelTask(customer.key, id);
    const task = await untilEnded(customer.key, id);
    expect([task.status, await costOf(id)]).toEqual(['cancelled', undefined]);
    expect((await rendersContaining(gate)).map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('is kept for a film that its vendor does not stop, and bills', async () => {
    const gate = `unstoppable-${crypto.randomUUID()}`;
    const { task_id: id } = await submitTask(customer.key, {
      ...{ model: 'veo-3.1-lite', params: { prompt: `[[fault: render-hold=${gate}]] ${gate}` } },
    });
    await untilTask(customer.key, id, ({ status }) => status === 'running');
    await untilAsked(gate);
    expect(await cancelTask(customer.key, id)).toMatchObject({
      ...{ status: 'running', cancellable: false },
      reason: expect.stringContaining('cannot stop it'),
    });
    await releaseHeld(gate);
    const task = await untilEnded(customer.key, id);
    expect([task.status, await costOf(id)]).toEqual(['completed', nano('0.25')]);
  });

  it('is held for a film that may have been begun, until an operator has said what became of it', async () => {
    // Its vendor takes the order and the answer is lost; this one has no list in which to look for it.
    const prompt = `[[fault: reset accepted]] ${crypto.randomUUID()}`;
    const { task_id: id } = await submitTask(customer.key, { model: 'veo-3.1-lite', params: { prompt } });
    const waiting = await eventually(async () => {
      const { data } = await operate<{ data: { task_id: string; reason: string }[] }>('tasks/reviews?limit=200');
      return data.find(({ task_id }) => task_id === id);
    }, 30_000);
    expect(waiting.reason).toBe('lost-submit');
    expect((await readTask(customer.key, id)).status).toBe('running');
    await operate(`tasks/${id}/decision`, { decision: 'fail' });
    const task = await untilEnded(customer.key, id);
    expect([task.status, task.credits_used, await costOf(id)]).toEqual(['failed', 0, undefined]);
    expect((await rendersContaining(prompt)).map(({ timesTaken }) => timesTaken)).toEqual([1]);
  });

  it('is charged for the pictures that came, not for those that were asked for', async () => {
    const before = await balanceAtRest(customer.key);
    const prompt = `[[fault: samples=4 item-errors=1]] ${crypto.randomUUID()}`;
    const answer = await postJson('/v1/images/generations', { model: 'seedream-4', prompt, n: 4 }, as(customer));
    expect(((await answer.json()) as { data: unknown[] }).data).toHaveLength(3);
    const after = await balanceAtRest(customer.key);
    expect(before.available - after.available).toBe(nano('0.075'));
  });

  it('is in the rows, the receipts and the wallet alike', async () => {
    const { available } = await balanceAtRest(customer.key, 30_000);
    const rows = await usageOf(customer.accountId);
    expect(rows.filter(({ cost, reckoned }) => cost !== reckoned)).toEqual([]);
    expect(rows.reduce((sum, { cost }) => sum + cost, 0n)).toBe(nano(WALLET_USD) - available);
    const listed = await askTasks<{ data: { request_id: string; credits_usd: string }[] }>(
      customer.key,
      'usage?limit=200',
    );
    const shown = listed.body.data.map(({ request_id: requestId, credits_usd }) => [requestId, nano(credits_usd)]);
    expect(new Map(shown as [string, bigint][])).toEqual(new Map(rows.map(({ requestId, cost }) => [requestId, cost])));
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });

  const as = ({ key }: Customer): Record<string, string> => ({ authorization: `Bearer ${key}` });
});

/** Until its vendor has been asked for it. */
async function untilAsked(words: string): Promise<void> {
  await eventually(async () => ((await rendersContaining(words)).length > 0 ? true : undefined));
}

import { balanceAtRest, balanceOf, nano, newCustomer, type Customer } from './accounts.js';
import { rotateSecret, startListener, verified, type Listener } from './media/callbacks.js';
import { download, filmSeconds } from './media/files.js';
import { releaseHeld } from './media/gates.js';
import { FILMS, type Film } from './media/models.js';
import { rendersContaining } from './media/renders.js';
import { submitTask, untilEnded, watchTask, type Task } from './media/tasks.js';
import { callGateway } from './platform.js';

const WALLET_USD = '100.00';

interface Receipt {
  readonly lines: readonly { readonly class: string; readonly units: number; readonly amount_usd: string }[];
  readonly total_usd: string;
}

/** What happens to one film, from the wish to the bill. */
interface Story {
  readonly submitted: Task;
  /** While it is rendered. */
  readonly held: bigint;
  readonly told: readonly { readonly event: string; readonly status: string }[];
  readonly calledBack: readonly Task[];
  readonly ended: Task;
  readonly file: { readonly contentType: string | null; readonly seconds: number };
  readonly receipt: Receipt;
  readonly paid: bigint;
}

const priceOf = ({ usdPerSecond, seconds }: Film): bigint => nano(usdPerSecond) * BigInt(seconds);

/** Submits, watches, is called back, downloads, and reads the bill: what a client does, in the order it does it. */
async function tell({ model, alias, params, seconds, group }: Film, listener: Listener): Promise<Story> {
  const customer: Customer = await newCustomer(WALLET_USD, group);
  const secret = await rotateSecret(customer);
  const { key } = customer;
  const gate = `story-${crypto.randomUUID()}`;
  const submitted = await submitTask(key, {
    model: alias ?? model,
    params: { ...params, prompt: `[[fault: render-hold=${gate}]] a ${seconds} second film by ${model} ${gate}` },
    callback_url: listener.url,
  });
  const { held } = await balanceOf(key);
  const watching = watchTask(key, submitted.task_id);
  // However long the wallet has taken to answer, the film is not done before.
  await releaseHeld(gate);
  const events = await watching;
  const messages = await listener.untilTold(submitted.task_id);
  const ended = await untilEnded(key, submitted.task_id);
  const { contentType, bytes } = await download(ended.output?.[0]?.url ?? '');
  const receipt = await callGateway(`/v1/receipts/${submitted.task_id}`, { key });
  const { available } = await balanceAtRest(key);
  return {
    ...{ submitted, held, ended },
    told: events.map(({ event, task: { status } }) => ({ event, status })),
    calledBack: messages.map((message) => verified(secret, message)),
    file: { contentType, seconds: filmSeconds(bytes) },
    receipt: (await receipt.json()) as Receipt,
    paid: nano(WALLET_USD) - available,
  };
}

describe('a film', () => {
  let listener: Listener;
  const stories = new Map<string, Promise<Story>>();
  beforeAll(async () => {
    listener = await startListener();
    // All at once: each takes its time, and none waits for another.
    for (const film of FILMS) stories.set(film.model, tell(film, listener));
    await Promise.allSettled(stories.values());
  }, 180_000);
  afterAll(() => listener.stop());

  const storyOf = (model: string): Promise<Story> => stories.get(model) ?? Promise.reject(new Error(model));

  it.each(FILMS)('of $model is taken at once, with its price held', async (film) => {
    const { submitted, held } = await storyOf(film.model);
    expect(submitted).toMatchObject({
      task_id: expect.stringMatching(/^task_[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'pending',
    });
    expect([nano(String(submitted.estimated_credits)), held]).toEqual([priceOf(film), priceOf(film)]);
    expect(submitted.estimated_seconds).toBeGreaterThan(0);
  });

  it.each(FILMS)('of $model is told about until it is there', async ({ model }) => {
    const { told, calledBack, ended } = await storyOf(model);
    expect(told.every(({ event }) => event === 'task.updated')).toBe(true);
    expect(told.at(-1)?.status).toBe('completed');
    expect(calledBack.map(({ task_id, status }) => ({ task_id, status }))).toEqual([
      { task_id: ended.task_id, status: 'completed' },
    ]);
  });

  it.each(FILMS)('of $model can be had and plays as long as was asked, or longer', async ({ model, seconds }) => {
    const { file, ended } = await storyOf(model);
    expect(file.contentType).toBe('video/mp4');
    // A vendor that has only some lengths renders the next longer one.
    expect(file.seconds).toBeGreaterThanOrEqual(seconds);
    expect(ended.output).toMatchObject([{ type: 'video', duration_seconds: seconds }]);
  });

  it.each(FILMS)('of $model costs its seconds, once', async (film) => {
    const { receipt, paid, ended } = await storyOf(film.model);
    expect(receipt.lines).toMatchObject([{ class: 'seconds', units: film.seconds }]);
    expect([nano(receipt.total_usd), nano(String(ended.credits_used)), paid]).toEqual([
      priceOf(film),
      priceOf(film),
      priceOf(film),
    ]);
  });

  it.each(FILMS)('of $model was asked of its vendor once', async ({ model, wire }) => {
    const { ended } = await storyOf(model);
    const renders = (await rendersContaining(`by ${model} `)).filter((render) => render.wire === wire);
    expect(renders.map(({ timesTaken }) => timesTaken)).toEqual([1]);
    expect(ended.status).toBe('completed');
  });
});

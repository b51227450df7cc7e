import { createHash } from 'node:crypto';

import { newCustomer, type Customer } from './accounts.js';
import { growthOf, MIB } from './media/memory.js';
import { submitTask, untilEnded, type Task } from './media/tasks.js';
import { gateway } from './platform.js';

const GROWTH_MIB_MAX = 64;
const FILM_MIB = 500;
const PICTURE_MIB = 49;
/** With the frame of its form just below 200 MiB. */
const PICTURES = 4;

/** Reads a download to its end and keeps none of it. */
async function digest(url: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of response.body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A PNG by its first bytes, and noise after them: whoever passes it on need not understand it. */
function* picture(mebibytes: number): Generator<Uint8Array> {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452000004000000040008060000007f1d2b83', 'hex');
  const noise = Buffer.alloc(MIB, 'a picture of noise');
  yield head;
  for (let count = 1; count < mebibytes; count += 1) yield noise;
  yield noise.subarray(head.length);
}

/** The form of OpenAI's SDK, written while it is sent. */
function* form(boundary: string, prompt: string): Generator<Uint8Array> {
  const part = (disposition: string, rest = ''): Buffer =>
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${rest}\r\n`);
  for (const [name, value] of Object.entries({ model: 'gpt-image-2', prompt })) {
    yield part(`name="${name}"`);
    yield Buffer.from(`${value}\r\n`);
  }
  for (let count = 0; count < PICTURES; count += 1) {
    yield part(`name="image[]"; filename="${count}.png"`, 'content-type: image/png\r\n');
    yield* picture(PICTURE_MIB);
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

/** Posts a form to be edited, in chunks. */
const postForm = ({ key }: Customer, boundary: string, body: Iterable<Uint8Array>): Promise<Response> =>
  fetch(`${gateway}/v1/images/edits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: ReadableStream.from(body),
    duplex: 'half',
  } as RequestInit);

const edit = (customer: Customer, prompt: string): Promise<Response> =>
  postForm(customer, 'collage', form('collage', prompt));

const film = async ({ key }: Customer, size: string): Promise<Task> => {
  const prompt = `[[fault: render-ms=200 asset-bytes=${size}]] a long film`;
  const { task_id: id } = await submitTask(key, { model: 'seedance-fast', params: { prompt } });
  return untilEnded(key, id, 120_000);
};

describe('large files', () => {
  let customer: Customer;
  beforeAll(async () => {
    customer = await newCustomer('100.00');
    // Code that has never run, and buffers that are made once, are no growth.
    await digest((await film(customer, '50m')).output?.[0]?.url ?? '');
  }, 180_000);

  it(`of ${FILM_MIB} MiB are copied and downloaded in bounded memory`, async () => {
    let task: Task | undefined;
    const copying = await growthOf(['upstream-adapters', 'task-worker'], async () => {
      task = await film(customer, `${FILM_MIB}m`);
    });
    const [made] = task?.output ?? [];
    let downloaded: Awaited<ReturnType<typeof digest>> | undefined;
    const serving = await growthOf(['ingress'], async () => {
      downloaded = await digest(made?.url ?? '');
    });
    expect(downloaded).toEqual({ bytes: FILM_MIB * MIB, sha256: made?.sha256 });
    expect([copying, serving].filter((growth) => growth >= GROWTH_MIB_MAX)).toEqual([]);
  }, 180_000);

  it(`of ${PICTURES * PICTURE_MIB} MiB are uploaded in bounded memory`, async () => {
    await (await edit(customer, 'to begin with')).arrayBuffer();
    let answer: Response | undefined;
    const growth = await growthOf(['ingress', 'upstream-adapters'], async () => {
      answer = await edit(customer, 'a collage');
      await answer.arrayBuffer();
    });
    expect(answer?.status).toBe(200);
    expect(growth).toBeLessThan(GROWTH_MIB_MAX);
  }, 180_000);

  it('beyond 200 MiB are refused', async () => {
    const answer = await postForm(customer, 'endless', picture(201)).catch(() => undefined);
    // A gateway that has heard enough may hang up on whoever goes on talking.
    expect([413, undefined]).toContain(answer?.status);
  }, 60_000);
});

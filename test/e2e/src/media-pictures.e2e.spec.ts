import OpenAI, { toFile } from 'openai';
import OpenAIBefore from 'openai-6';

import { balanceAtRest, nano, newCustomer, type Customer } from './accounts.js';
import { download, pictureFrame } from './media/files.js';
import { DRAWINGS, type Drawing } from './media/models.js';
import { rendersContaining } from './media/renders.js';
import { submitTask, untilEnded } from './media/tasks.js';
import { gateway } from './platform.js';

const WALLET_USD = '50.00';

const clientOf = (key: string): OpenAI => new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
const priceOf = (usdPerImage: string, n: number): bigint => nano(usdPerImage) * BigInt(n);
const spent = async ({ key }: Customer): Promise<bigint> => nano(WALLET_USD) - (await balanceAtRest(key)).available;

/** What comes as base64, as a client sees it. */
const framesOf = (images: readonly OpenAI.Image[] | undefined): readonly string[] =>
  (images ?? []).map(({ b64_json }) => pictureFrame(Buffer.from(b64_json ?? '', 'base64')));

describe.each(DRAWINGS)('a picture of $model', ({ model, alias, params, frame, usdPerImage, wire }: Drawing) => {
  let customer: Customer;
  let client: OpenAI;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    client = clientOf(customer.key);
  });

  it('comes as an address that leads to it, at its price', async () => {
    const prompt = `a harbour ${crypto.randomUUID()}`;
    const { data } = await client.images.generate({
      model: alias ?? model,
      prompt,
      ...params,
    } as OpenAI.ImageGenerateParamsNonStreaming);
    const files = await Promise.all((data ?? []).map(({ url }) => download(url ?? '')));
    expect(files.map(({ bytes }) => pictureFrame(bytes))).toEqual(Array.from({ length: params.n }, () => frame));
    expect(new Set(files.map(({ contentType }) => contentType))).toEqual(new Set([`image/${frame.split(' ')[0]}`]));
    const renders = await rendersContaining(prompt);
    expect(new Set(renders.map((render) => render.wire))).toEqual(new Set([wire]));
    expect(await spent(customer)).toBe(priceOf(usdPerImage, params.n));
  });

  it('comes also where its judge is told to be mild, which a vendor without such a word is not told', async () => {
    const asked = { model, prompt: `a quay ${crypto.randomUUID()}`, moderation: 'low', ...params, n: 1 };
    const { data, response } = await client.images
      .generate(asked as OpenAI.ImageGenerateParamsNonStreaming)
      .withResponse();
    expect(data.data).toHaveLength(1);
    const isTold = (response.headers.get('x-gateway-warnings') ?? '').includes('moderation');
    expect(isTold).toBe(wire !== 'openai-images');
  });

  it('comes as base64 where that was asked for, at the same price', async () => {
    const before = await spent(customer);
    const asked = {
      model,
      prompt: `a lighthouse ${crypto.randomUUID()}`,
      response_format: 'b64_json',
      ...params,
      n: 1,
    };
    const { data } = await client.images.generate(asked as OpenAI.ImageGenerateParamsNonStreaming);
    expect(framesOf(data)).toEqual([frame]);
    expect((await spent(customer)) - before).toBe(priceOf(usdPerImage, 1));
  });

  it('comes by a task, at the same price', async () => {
    const before = await spent(customer);
    const prompt = `a pier ${crypto.randomUUID()}`;
    const { task_id: taskId } = await submitTask(customer.key, { model, params: { ...params, prompt } });
    const { status, output } = await untilEnded(customer.key, taskId);
    expect(status).toBe('completed');
    const files = await Promise.all((output ?? []).map(({ url }) => download(url)));
    expect(files.map(({ bytes }) => pictureFrame(bytes))).toEqual(Array.from({ length: params.n }, () => frame));
    expect((await spent(customer)) - before).toBe(priceOf(usdPerImage, params.n));
  });
});

describe.each([
  { name: '7.x', make: clientOf },
  {
    name: '6.x',
    // The two majors have different classes of the same shape; what is used of them here is the same.
    make: (key: string) =>
      new OpenAIBefore({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 }) as unknown as OpenAI,
  },
])('the OpenAI SDK $name', ({ make }) => {
  let customer: Customer;
  let client: OpenAI;
  let picture: Buffer;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    client = make(customer.key);
    const { data } = await client.images.generate({
      ...{ model: 'gpt-image-2', prompt: 'a gull' },
      ...({ response_format: 'b64_json' } as object),
    });
    picture = Buffer.from(data?.[0]?.b64_json ?? '', 'base64');
  });

  it('has a picture changed by a form with files', async () => {
    const prompt = `a gull with a hat ${crypto.randomUUID()}`;
    const image = [
      await toFile(picture, 'one.png', { type: 'image/png' }),
      await toFile(picture, 'two.png', { type: 'image/png' }),
    ];
    const mask = await toFile(picture, 'mask.png', { type: 'image/png' });
    const edited = await client.images.edit({ model: 'gpt-image-2', image, mask, prompt, response_format: 'b64_json' });
    expect(framesOf(edited.data)).toEqual(['png 1024x1024']);
    expect((await rendersContaining(prompt)).map(({ timesTaken }) => timesTaken)).toEqual([1]);
  });

  it('is shown a picture while it is drawn', async () => {
    const before = await spent(customer);
    const stream = await client.images.generate({
      ...{ model: 'gpt-image-2', prompt: 'a storm', stream: true, partial_images: 2 },
    });
    const events: OpenAI.ImageGenStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
    expect(framesOf(events).at(-1)).toBe('png 1024x1024');
    expect((await spent(customer)) - before).toBe(nano('0.08'));
  });

  it('is shown a picture while it is changed', async () => {
    const image = await toFile(picture, 'one.png', { type: 'image/png' });
    const stream = await client.images.edit({
      model: 'gpt-image-2',
      image,
      prompt: 'at night',
      stream: true,
      partial_images: 1,
    });
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed']);
  });

  it('is given the same picture for the same name, drawn and charged once', async () => {
    const before = await spent(customer);
    const prompt = `a wreck ${crypto.randomUUID()}`;
    const named = { headers: { 'idempotency-key': prompt } };
    const draw = () => client.images.generate({ model: 'gpt-image-2', prompt }, named);
    const first = await draw();
    expect(await draw()).toEqual(first);
    expect((await rendersContaining(prompt)).map(({ timesTaken }) => timesTaken)).toEqual([1]);
    expect((await spent(customer)) - before).toBe(nano('0.08'));
  });

  it('is refused what the model cannot do, by name and before anything is held', async () => {
    const refused = client.images.generate({ model: 'nano-banana', prompt: 'a gull', n: 9 });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'invalid_param', param: 'n' });
  });

  it('is refused what a safety filter stopped, and pays nothing for it', async () => {
    const before = await spent(customer);
    const refused = client.images.generate({ model: 'gpt-image-2', prompt: '[[fault: outcome=blocked]] a gull' });
    await expect(refused).rejects.toMatchObject({ status: 451, code: 'content_policy_violation' });
    expect(await spent(customer)).toBe(before);
  });
});

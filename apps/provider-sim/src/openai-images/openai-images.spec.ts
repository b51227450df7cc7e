import OpenAI, { toFile } from 'openai';
import { openai } from '../openai/openai.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { controlOf } from '../testing/watch.js';

let simulator: RunningSimulator;
let client: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator([openai]);
  client = new OpenAI({ apiKey: 'sim-key', baseURL: `${simulator.address}/openai/v1`, maxRetries: 0 });
});
afterAll(() => simulator.close());

const MODEL = 'gpt-image-2';
const QUICK = '[[fault: render-ms=0]]';
const sizeOf = (base64: string | undefined) => {
  const png = Buffer.from(base64 ?? '', 'base64');
  return [png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)];
};

describe('the pictures of OpenAI, asked for by the official package', () => {
  it('are drawn as many and as large as asked, in base64, with what they cost', async () => {
    const asked = { model: MODEL, prompt: `a cat ${QUICK}`, n: 2, size: '1536x1024', quality: 'low' } as const;
    const answer = await client.images.generate(asked);
    expect(answer.data?.map(({ b64_json, url }) => [sizeOf(b64_json), url])).toEqual([
      [['PNG', 1536, 1024], undefined],
      [['PNG', 1536, 1024], undefined],
    ]);
    expect(answer).toMatchObject({
      background: 'opaque',
      output_format: 'png',
      quality: 'low',
      size: '1536x1024',
      usage: {
        input_tokens_details: { image_tokens: 0 },
        output_tokens: 2 * 408,
        output_tokens_details: { image_tokens: 2 * 408, text_tokens: 0 },
      },
    });
    const { usage } = answer;
    expect(usage?.total_tokens).toBe(usage!.input_tokens + usage!.output_tokens);
    expect(answer.data?.[0]?.b64_json).not.toBe(answer.data?.[1]?.b64_json);
    const again = await client.images.generate(asked);
    expect(again.data).toEqual(answer.data);
  });

  it.each([
    ['jpeg', 'ffd8ffe0'],
    ['webp', '52494646'],
  ] as const)('come as %s', async (output_format, signature) => {
    const { data } = await client.images.generate({ model: MODEL, prompt: QUICK, output_format });
    expect(Buffer.from(data?.[0]?.b64_json ?? '', 'base64').toString('hex', 0, 4)).toBe(signature);
  });

  it('are drawn over others, which are sent in a form', async () => {
    const image = await Promise.all(
      ['one', 'two'].map((name) => toFile(Buffer.from('a picture'), `${name}.png`, { type: 'image/png' })),
    );
    const mask = await toFile(Buffer.from('a mask'), 'mask.png', { type: 'image/png' });
    const edited = await client.images.edit({ model: MODEL, image, mask, prompt: `blue ${QUICK}`, n: 2 });
    expect([edited.data?.length, edited.usage?.input_tokens_details.image_tokens]).toEqual([2, 646]);
    const text = await toFile(Buffer.from('words'), 'words.txt', { type: 'text/plain' });
    await expect(client.images.edit({ model: MODEL, image: text, prompt: 'x' })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_file_mimetype',
    });
  });

  it('take uploads beyond what other calls may send', async () => {
    const image = await Promise.all(
      Array.from({ length: 3 }, (_, at) =>
        toFile(Buffer.alloc(24 * 1024 ** 2, at), `${at}.png`, { type: 'image/png' }),
      ),
    );
    const edited = await client.images.edit({ model: MODEL, image, prompt: `large ${QUICK}` });
    expect(edited.usage?.input_tokens_details.image_tokens).toBe(3 * 323);
  });

  it('stream half-done pictures before the finished one, which alone tells the cost', async () => {
    const stream = await client.images.generate({ model: MODEL, prompt: QUICK, stream: true, partial_images: 2 });
    const events: OpenAI.ImageGenStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map((event) => [event.type, 'usage' in event])).toEqual([
      ['image_generation.partial_image', false],
      ['image_generation.partial_image', false],
      ['image_generation.completed', true],
    ]);
    expect(events.map(({ b64_json }) => sizeOf(b64_json)[0])).toEqual(['PNG', 'PNG', 'PNG']);
    const image = await toFile(Buffer.from('a picture'), 'one.png', { type: 'image/png' });
    const edits = await client.images.edit({ model: MODEL, prompt: QUICK, image, stream: true, partial_images: 1 });
    const types: string[] = [];
    for await (const { type } of edits) types.push(type);
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed']);
  });

  it('stream fewer than asked, and fail inside the stream', async () => {
    const fewer = await client.images.generate({
      model: MODEL,
      prompt: '[[fault: render-ms=0 partials=1]]',
      stream: true,
      partial_images: 3,
    });
    const seen: string[] = [];
    for await (const { type } of fewer) seen.push(type);
    expect(seen).toEqual(['image_generation.partial_image', 'image_generation.completed']);
    const read = async (fault: string): Promise<void> => {
      const prompt = `[[fault: render-ms=0 ${fault}]]`;
      const stream = await client.images.generate({ model: MODEL, prompt, stream: true, partial_images: 1 });
      for await (const event of stream) expect(event.type).toBe('image_generation.partial_image');
    };
    await expect(read('outcome=filtered')).rejects.toMatchObject({ code: 'moderation_blocked' });
    await expect(read('outcome=failed')).rejects.toMatchObject({ code: 'server_error' });
    await expect(read('outcome=blocked')).rejects.toMatchObject({ status: 400 });
    await expect(read('stream-error=1')).rejects.toThrow();
  });

  it.each([
    [{ prompt: 'x', response_format: 'url' }, 'response_format'],
    [{ prompt: 'x', n: 11 }, 'n'],
    [{ prompt: 'x', size: '1000x1000' }, 'size'],
    [{ prompt: 'x', size: '4096x1024' }, 'size'],
    [{ prompt: 'x', quality: 'hd' }, 'quality'],
    [{ prompt: 'x', output_format: 'bmp' }, 'output_format'],
    [{ prompt: 'x', background: 'transparent', output_format: 'jpeg' }, 'background'],
    [{ n: 1 }, 'prompt'],
  ])('refuses %j for its %s', async (body, param) => {
    const asked = { model: MODEL, ...body } as OpenAI.ImageGenerateParamsNonStreaming;
    await expect(client.images.generate(asked)).rejects.toMatchObject({ status: 400, param });
  });

  it('are filtered, fewer than asked, or none', async () => {
    const order = (fault: string) =>
      client.images.generate({ model: MODEL, prompt: `[[fault: render-ms=0 ${fault}]]`, n: 3 });
    await expect(order('outcome=filtered')).rejects.toMatchObject({
      status: 400,
      type: 'image_generation_user_error',
      code: 'moderation_blocked',
    });
    expect((await order('samples=2')).data).toHaveLength(2);
    expect((await order('outcome=empty')).data).toEqual([]);
  });

  it('are counted when they are taken, not when they are refused', async () => {
    const control = controlOf(simulator.address);
    await control('DELETE', 'renders');
    await expect(client.images.generate({ model: MODEL, prompt: 'lost [[fault: status=500]]' })).rejects.toMatchObject({
      status: 500,
    });
    await client.images.generate({ model: MODEL, prompt: `kept ${QUICK}` });
    expect(await control('GET', 'stats')).toMatchObject({ renders: { taken: { 'openai-images': 1 }, takenAgain: 0 } });
  });
});

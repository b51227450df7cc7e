import { ark } from '../responses-look-alikes/ark.js';
import { tosStore } from '../stores/tos-store.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([ark, tosStore]);
});
afterAll(() => simulator.close());

interface Answer {
  readonly data: readonly { url?: string; b64_json?: string; size?: string; error?: { code: string } }[];
  readonly usage: object;
}

const post = (body: object) =>
  fetch(`${simulator.address}/ark/api/v3/images/generations`, {
    method: 'POST',
    headers: { authorization: 'Bearer sim-ark' },
    body: JSON.stringify({ model: 'doubao-seedream-4-5-251128', prompt: '[[fault: render-ms=0]]', ...body }),
  });
const draw = async (body: object) => (await (await post(body)).json()) as Answer;
const several = (max_images: number) => ({
  sequential_image_generation: 'auto',
  sequential_image_generation_options: { max_images },
});

describe('the pictures of Seedream', () => {
  it('is one, at an address that needs no key', async () => {
    const { data, usage } = await draw({ size: '2048x1024' });
    expect(data).toEqual([{ url: expect.any(String), size: '2048x1024' }]);
    expect(usage).toEqual({ generated_images: 1, output_tokens: 8_192, total_tokens: 8_192 });
    const picture = await fetch(data[0]?.url ?? '');
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect([picture.headers.get('content-type'), bytes.toString('hex', 0, 2)]).toEqual(['image/jpeg', 'ffd8']);
  });

  it('are several in base64, each its own', async () => {
    const { data } = await draw({ ...several(3), size: '1K', response_format: 'b64_json', output_format: 'png' });
    const pictures = data.map(({ b64_json }) => Buffer.from(b64_json ?? '', 'base64').toString('latin1', 1, 4));
    expect([pictures, new Set(data.map(({ b64_json }) => b64_json)).size]).toEqual([['PNG', 'PNG', 'PNG'], 3]);
  });

  it('come in part: what failed says why and is not counted', async () => {
    const { data, usage } = await draw({ ...several(4), size: '1K', prompt: '[[fault: render-ms=0 item-errors=3]]' });
    expect(data.map(({ error, url }) => error?.code ?? typeof url)).toEqual([
      'string',
      ...Array.from({ length: 3 }, () => 'OutputImageSensitiveContentDetected'),
    ]);
    expect(usage).toMatchObject({ generated_images: 1 });
  });

  it('stream one by one, those that fail among them', async () => {
    const prompt = '[[fault: render-ms=0 item-errors=1]]';
    const text = await (await post({ ...several(2), prompt, stream: true })).text();
    expect([...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name)).toEqual([
      'image_generation.partial_succeeded',
      'image_generation.partial_failed',
      'image_generation.completed',
    ]);
    expect(text).toMatch(/"generated_images":1[\s\S]*data: \[DONE\]\n\n$/);
  });

  it.each([
    [{ prompt: '[[fault: outcome=filtered]]' }, 400, 'OutputImageSensitiveContentDetected'],
    [{ prompt: '[[fault: outcome=blocked]]' }, 400, 'InputTextSensitiveContentDetected'],
    [{ prompt: '' }, 400, 'InvalidParameter'],
    [{ size: '100x100' }, 400, 'InvalidParameter'],
    [{ response_format: 'file' }, 400, 'InvalidParameter'],
    [several(16), 400, 'InvalidParameter'],
    [{ model: 'gpt-image-2' }, 404, 'InvalidEndpointOrModel.NotFound'],
  ])('are refused for %j', async (body, status, code) => {
    const response = await post(body);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
  });

  it('are none at all where none are ordered', async () => {
    expect(await draw({ prompt: '[[fault: render-ms=0 outcome=empty]]' })).toMatchObject({
      data: [],
      usage: { generated_images: 0 },
    });
  });
});

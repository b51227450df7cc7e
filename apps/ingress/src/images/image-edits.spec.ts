import { connect } from 'node:net';

import type { NewAsset, StoredAsset } from '@bytespike/assets';
import { MemoryAssetStore } from '@bytespike/assets/testing';
import { GatewayError, LIMITS } from '@bytespike/kernel';

import { drawing } from '../testing/fake-media.js';
import { open, type Reply } from '../testing/http-client.js';
import { askingFor, formOf, OTHER_PNG, PNG, runImages, type ImagesUnderTest } from '../testing/run-images.js';
import { API_KEY } from '../testing/samples.js';
import { nextConnectionLost } from '../testing/server-side.js';
import { step, until } from '../testing/steps.js';

let ingress: ImagesUnderTest;
afterEach(() => ingress.stop());

const errorOf = (reply: Reply) => reply.json().error as Record<string, unknown>;
const MODEL = ['model', 'gpt-image-2'] as const;
const PROMPT = ['prompt', 'with a hat'] as const;

/** What a target was asked, with the bytes of its inputs at that moment. */
async function seeInputs(asked: ImagesUnderTest['heard']['drawn'][number]): Promise<unknown[]> {
  const { request } = asked.input.asked;
  const sources = [...request.images, ...('mask' in request && request.mask ? [request.mask] : [])];
  return Promise.all(
    sources.map(async (input) => {
      const source = 'source' in input ? input.source : input;
      if (source.type === 'address') return source.url;
      const opened = await ingress.store.open(source.id);
      return Buffer.concat((await opened?.body.toArray()) ?? []);
    }),
  );
}

/** Draws, and notes the inputs as it found them. */
async function runEdits(): Promise<{ seen: unknown[] }> {
  const noted: { seen: unknown[] } = { seen: [] };
  ingress = await runImages({
    draw: async (request, sink, context) => {
      noted.seen = await seeInputs(request);
      return drawing(ingress.store, [PNG])(request, sink, context);
    },
  });
  return noted;
}

const uploads = async (): Promise<readonly string[]> =>
  (await ingress.stored()).filter((name) => name.startsWith('upload/'));

describe('a form', () => {
  it('brings pictures and a mask, which are gone when it is answered', async () => {
    const noted = await runEdits();
    const fields = [['image[]', PNG], ['image[]', OTHER_PNG], MODEL, ['n', '2'], ['mask', PNG], PROMPT] as const;
    const reply = await ingress.send(await formOf(fields));
    expect(reply.status).toBe(200);
    expect(noted.seen).toEqual([PNG, OTHER_PNG, PNG]);
    expect(ingress.heard.drawn[0]?.input.asked).toMatchObject({
      kind: 'image',
      request: { prompt: 'with a hat', n: 2 },
    });
    expect(ingress.heard.held[0]?.units).toEqual({ images: 2 });
    await ingress.stop();
    expect(await uploads()).toEqual([]);
  });

  it('of one name with one key runs once, however its boundary differs', async () => {
    await runEdits();
    const named = { 'idempotency-key': 'one' };
    const first = await ingress.send(await formOf([['image', PNG], MODEL, PROMPT], named));
    const again = await ingress.send(await formOf([['image', PNG], MODEL, PROMPT], named));
    const other = await ingress.send(await formOf([['image', OTHER_PNG], MODEL, PROMPT], named));
    expect([first.status, again.status, other.status]).toEqual([200, 200, 409]);
    expect(again.body).toEqual(first.body);
    expect(ingress.heard.drawn).toHaveLength(1);
    await ingress.stop();
    expect(await uploads()).toEqual([]);
  });

  it('finds no place beside as many of its account as may fill the store, and one again when they are over', async () => {
    const mayDraw = step();
    ingress = await runImages({
      draw: async (request, sink, context) => {
        await mayDraw.done;
        return drawing(ingress.store, [PNG])(request, sink, context);
      },
    });
    const edit = await formOf([['image', PNG], MODEL, PROMPT]);
    const others = Array.from({ length: LIMITS.formsPerAccountMax }, () => ingress.send(edit));
    await until(() => ingress.heard.drawn.length === LIMITS.formsPerAccountMax);
    const refused = await ingress.send(edit);
    expect([refused.status, errorOf(refused).code, refused.headers['retry-after']]).toEqual([
      429,
      'concurrency_limit',
      '1',
    ]);
    const inJson = ingress.send(askingFor({}));
    mayDraw.take();
    expect((await Promise.all([...others, inJson])).map(({ status }) => status)).not.toContain(429);
    expect((await ingress.send(edit)).status).toBe(200);
  });

  it.each([
    { name: 'no picture', fields: [MODEL, PROMPT], param: 'image' },
    {
      name: 'a file that is no picture',
      fields: [['image', Buffer.from('a text, and no picture')], MODEL, PROMPT],
      param: 'image',
    },
    { name: 'an empty file', fields: [['image', Buffer.alloc(0)], MODEL, PROMPT], param: 'image' },
    { name: 'a file where none is expected', fields: [['image', PNG], ['prompt', PNG], MODEL], param: 'prompt' },
    { name: 'a field twice', fields: [['image', PNG], MODEL, MODEL, PROMPT], param: 'model' },
    { name: 'no model', fields: [['image', PNG], PROMPT], param: 'model' },
    { name: 'a mask alone', fields: [['mask', PNG], MODEL, PROMPT], param: 'image' },
  ] as const)('with $name is refused, and leaves nothing behind', async ({ fields, param }) => {
    await runEdits();
    const reply = await ingress.send(await formOf(fields));
    expect([reply.status, errorOf(reply)]).toEqual([400, expect.objectContaining({ code: 'invalid_param', param })]);
    await ingress.stop();
    expect([ingress.heard.held, await uploads()]).toEqual([[], []]);
  });

  it.each([
    { name: 'too many files', fields: Array.from({ length: 18 }, () => ['image[]', PNG] as const), status: 400 },
    {
      name: 'too many fields',
      fields: Array.from({ length: 33 }, (_, at) => [`field${at}`, 'x'] as const),
      status: 400,
    },
    { name: 'too long a field', fields: [['prompt', 'x'.repeat(LIMITS.formFieldBytesMax + 1)] as const], status: 413 },
  ])('with $name is refused', async ({ fields, status }) => {
    await runEdits();
    const reply = await ingress.send(await formOf([...fields, MODEL]));
    expect(reply.status).toBe(status);
    await ingress.stop();
    expect(await uploads()).toEqual([]);
  });

  it.each([
    { name: 'that has no boundary', type: 'multipart/form-data', body: 'x', told: 'multipart/form-data is broken' },
    {
      name: 'that breaks off in a file',
      type: 'multipart/form-data; boundary=b',
      body: '--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n\x89PNG',
      told: 'breaks off',
    },
    {
      name: 'whose file has no name',
      type: 'multipart/form-data; boundary=b',
      body: '--b\r\nContent-Disposition: form-data; filename="a.png"\r\n\r\nx\r\n--b--\r\n',
      told: 'multipart/form-data is broken',
    },
    { name: 'that is empty', type: 'multipart/form-data; boundary=b', body: '', told: 'multipart/form-data is broken' },
  ])('$name is refused', async ({ type, body, told }) => {
    await runEdits();
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': type };
    const reply = await ingress.send({ path: '/v1/images/edits', headers, body: Buffer.from(body, 'latin1') });
    expect(reply.status).toBe(400);
    expect(errorOf(reply).message).toContain(told);
    await ingress.stop();
    expect(await uploads()).toEqual([]);
  });

  it('that announces more than the limit is refused unread', async () => {
    await runEdits();
    const asked = await formOf([['image', PNG]]);
    const headers = { ...asked.headers, 'content-length': String(LIMITS.imageFormBytesMax + 1) };
    const { hostname, port } = new URL(ingress.address);
    const socket = connect(Number(port), hostname);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`POST /v1/images/edits HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('whose client leaves in the middle leaves nothing behind', async () => {
    await runEdits();
    const { hostname, port } = new URL(ingress.address);
    const socket = connect(Number(port), hostname);
    const head = `POST /v1/images/edits HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${API_KEY}\r\n`;
    socket.write(`${head}content-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n\r\n`);
    socket.write('--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n');
    socket.write(PNG);
    await until(() => ingress.heard.authenticated.length === 1);
    socket.destroy();
    await ingress.stop();
    expect(await uploads()).toEqual([]);
  });
});

/** A store that begins to keep when it is let. */
class GatedStore extends MemoryAssetStore {
  readonly gate = step();

  override async put(asset: NewAsset): Promise<StoredAsset> {
    await this.gate.done;
    return super.put(asset);
  }
}

it('a store that cannot keep a file is no fault of the client', async () => {
  class FullStore extends MemoryAssetStore {
    override async put(): Promise<StoredAsset> {
      throw new GatewayError('unavailable', 'no room');
    }
  }
  ingress = await runImages({}, { store: new FullStore(() => new Date()) });
  const large = Buffer.concat([PNG, Buffer.alloc(3_000_000)]);
  const reply = await ingress.send(await formOf([['image', large], MODEL, PROMPT]));
  expect([reply.status, errorOf(reply).code]).toEqual([503, 'unavailable']);
});

it('a client that leaves when it has sent all, and not all is kept, ends its request', async () => {
  const store = new GatedStore(() => new Date());
  ingress = await runImages({}, { store });
  const asked = await formOf([['image', Buffer.concat([PNG, Buffer.alloc(40_000)])], MODEL, PROMPT]);
  const controller = new AbortController();
  const connectionLost = nextConnectionLost();
  const left = open(ingress.address, { ...asked, signal: controller.signal }).catch(() => 'left');
  await until(() => ingress.heard.authenticated.length === 1);
  controller.abort();
  expect(await left).toBe('left');
  await connectionLost;
  store.gate.take();
  await ingress.stop();
  expect([await uploads(), ingress.heard.held]).toEqual([[], []]);
});

describe('JSON', () => {
  it('brings pictures by address and inside', async () => {
    const noted = await runEdits();
    const inline = `data:image/png;base64,${PNG.toString('base64')}`;
    const image = ['https://pictures.test/a.png', inline];
    const reply = await ingress.send(askingFor({ image, mask: inline }, { route: 'edits' }));
    expect(reply.status).toBe(200);
    expect(noted.seen).toEqual(['https://pictures.test/a.png', PNG, PNG]);
    await ingress.stop();
    expect(await uploads()).toEqual([]);
  });

  it('without a picture is refused', async () => {
    await runEdits();
    const reply = await ingress.send(askingFor({}, { route: 'edits' }));
    expect([reply.status, errorOf(reply).param]).toEqual([400, 'image']);
  });
});

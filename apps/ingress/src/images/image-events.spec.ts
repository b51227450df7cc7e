import { GatewayError } from '@bytespike/kernel';
import OpenAI from 'openai';

import { drew, drewNothing, keepPicture, newsLine } from '../testing/fake-media.js';
import type { Script } from '../testing/fake-platform.js';
import { open, read } from '../testing/http-client.js';
import { askingFor, OTHER_PNG, PNG, runImages, type ImagesUnderTest } from '../testing/run-images.js';
import { API_KEY } from '../testing/samples.js';
import { until, whenAborted } from '../testing/steps.js';

let ingress: ImagesUnderTest;
afterEach(() => ingress.stop());

type Draw = NonNullable<Script['draw']>;
type Sink = Parameters<Draw>[1];

const asking = askingFor({ stream: true, partial_images: 1 });

/** Tells of an unfinished picture, and then of the finished one, in frames that end where they like. */
async function tellOfOne(sink: Sink): Promise<ReturnType<typeof drew>> {
  await sink.head({ unsent: [] });
  const [partial, whole] = [
    await keepPicture(ingress.store, 'half', OTHER_PNG),
    await keepPicture(ingress.store, 'whole', PNG),
  ];
  const news = Buffer.concat([
    newsLine({ type: 'partial', index: 0, asset: partial }),
    newsLine({ type: 'completed', index: 0, asset: whole }),
  ]);
  await sink.data(news.subarray(0, 150));
  await sink.data(news.subarray(150));
  return drew([whole]);
}

const eventsOf = (body: Buffer): unknown[] =>
  body
    .toString()
    .split('\n\n')
    .filter((record) => record.startsWith('event: '))
    .map((record) => {
      const [event = '', data = ''] = record.split('\ndata: ');
      return { event: event.slice('event: '.length), data: JSON.parse(data) as unknown };
    });

describe('pictures as events', () => {
  it('come unfinished, then whole, and leave nothing in the store', async () => {
    ingress = await runImages({ draw: (_request, sink) => tellOfOne(sink) });
    const reply = await ingress.send(asking);
    expect(reply.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-estimated-credits': '0.123',
    });
    const facts = {
      created_at: expect.any(Number),
      ...{ size: '1024x1024', quality: 'medium', background: 'auto', output_format: 'png' },
    };
    const told = (type: string, bytes: Buffer, more: object = {}) => ({
      event: type,
      data: { type, ...facts, b64_json: bytes.toString('base64'), ...more },
    });
    expect([reply.whole, eventsOf(reply.body)]).toEqual([
      true,
      [
        told('image_generation.partial_image', OTHER_PNG, { partial_image_index: 0 }),
        told('image_generation.completed', PNG),
      ],
    ]);
    expect((await ingress.settled())[0]).toMatchObject({
      stream: true,
      outcome: { ending: 'complete', usage: { images: 1 }, contentStarted: true },
    });
    await ingress.stop();
    expect(await ingress.stored()).toEqual([]);
  });

  it('are of edits where they are', async () => {
    ingress = await runImages({ draw: (_request, sink) => tellOfOne(sink) });
    const image = 'https://pictures.test/a.png';
    const reply = await ingress.send(askingFor({ stream: true, partial_images: 1, image }, { route: 'edits' }));
    expect(eventsOf(reply.body)).toMatchObject([
      { event: 'image_edit.partial_image' },
      { event: 'image_edit.completed' },
    ]);
  });

  it('carry links where those are asked for', async () => {
    ingress = await runImages({ draw: (_request, sink) => tellOfOne(sink) });
    const reply = await ingress.send(askingFor({ stream: true, response_format: 'url' }));
    expect(eventsOf(reply.body)[1]).toMatchObject({ data: { url: expect.stringContaining('/v1/assets/img/') } });
    await ingress.settled();
    expect(await ingress.stored()).toHaveLength(2);
  });

  it('are told of when they come only with the end', async () => {
    ingress = await runImages();
    const reply = await ingress.send(askingFor({ stream: true }));
    expect(eventsOf(reply.body)).toMatchObject([{ event: 'image_generation.completed' }]);
  });

  it('are read by the official SDK', async () => {
    ingress = await runImages({ draw: (_request, sink) => tellOfOne(sink) });
    const openai = new OpenAI({ baseURL: `${ingress.address}/v1`, apiKey: API_KEY, maxRetries: 0 });
    const stream = await openai.images.generate({
      model: 'gpt-image-2',
      prompt: 'a cat',
      stream: true,
      partial_images: 1,
    });
    const seen: string[] = [];
    for await (const event of stream) seen.push(`${event.type} ${Buffer.from(event.b64_json, 'base64').length}`);
    expect(seen).toEqual([
      `image_generation.partial_image ${OTHER_PNG.length}`,
      `image_generation.completed ${PNG.length}`,
    ]);
  });

  it('are given again under the same name', async () => {
    ingress = await runImages({ draw: (_request, sink) => tellOfOne(sink) });
    const named = { ...asking, headers: { ...asking.headers, 'idempotency-key': 'one' } };
    const first = await ingress.send(named);
    const again = await ingress.send(named);
    expect([again.body, again.headers['content-type']]).toEqual([first.body, first.headers['content-type']]);
    expect(ingress.heard.drawn).toHaveLength(1);
  });
});

describe('events that break off', () => {
  it('are a plain status before the first', async () => {
    ingress = await runImages({
      draw: async () => drewNothing('refused', { kind: 'upstream-blocked', message: 'no' }),
    });
    expect((await ingress.send(asking)).status).toBe(451);
  });

  it('end in an error and not in an end, free of charge', async () => {
    ingress = await runImages({
      draw: async (_request, sink) => {
        await sink.head({ unsent: [] });
        const asset = await keepPicture(ingress.store, 'half', OTHER_PNG);
        await sink.data(newsLine({ type: 'partial', index: 0, asset }));
        return drewNothing('unclear', { kind: 'upstream-transient', message: 'reset' });
      },
    });
    const reply = await ingress.send(asking);
    expect([reply.status, reply.whole]).toEqual([200, false]);
    expect(reply.body.toString()).toMatch(/data: {"error":{.*"code":"upstream_error"}}\n\n$/);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({ ending: 'truncated', usageSource: 'none' });
  });

  it('cost what had come whole, when it is the client who leaves', async () => {
    ingress = await runImages({
      draw: async (_request, sink, { signal }) => {
        await tellOfOne(sink);
        await whenAborted(signal);
        return drewNothing('unclear', { kind: 'cancelled', message: 'the caller left' });
      },
    });
    const controller = new AbortController();
    const response = await open(ingress.address, { ...asking, signal: controller.signal });
    const ended = read(response);
    let seen = '';
    response.on('data', (piece: Buffer) => (seen += piece.toString()));
    await until(() => seen.includes('image_generation.completed') && seen.endsWith('}\n\n'));
    controller.abort();
    await ended;
    expect((await ingress.settled())[0]).toMatchObject({
      priceVersion: 'gpt-image-2@1',
      outcome: { ending: 'cancelled', usage: { images: 1 }, contentStarted: true },
    });
  });

  it('tell of too long a wait what to do instead', async () => {
    ingress = await runImages(
      {
        draw: async (_request, sink, { signal }) => {
          await sink.head({ unsent: [] });
          await sink.data(
            newsLine({ type: 'partial', index: 0, asset: await keepPicture(ingress.store, 'half', PNG) }),
          );
          await whenAborted(signal);
          throw new GatewayError('cancelled', 'the caller left');
        },
      },
      { timings: { picturesMs: 20 } },
    );
    const reply = await ingress.send(asking);
    expect(reply.body.toString()).toContain('POST /v1/tasks/submit');
    expect((await ingress.settled())[0]?.outcome.failure?.kind).toBe('upstream-timeout');
  });
});

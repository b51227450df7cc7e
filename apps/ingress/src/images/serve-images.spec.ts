import { MemoryAssetStore } from '@bytespike/assets/testing';
import { GatewayError } from '@bytespike/kernel';

import {
  drawing,
  drew,
  drewNothing,
  keepPicture,
  pictureAttempt,
  picturePlan,
  pictureTarget,
} from '../testing/fake-media.js';
import { open } from '../testing/http-client.js';
import { askingFor, OTHER_PNG, PNG, runImages, type ImagesUnderTest } from '../testing/run-images.js';
import { principal } from '../testing/samples.js';
import { step, until, whenAborted } from '../testing/steps.js';

let store: MemoryAssetStore;
let ingress: ImagesUnderTest;

beforeEach(() => {
  store = new MemoryAssetStore(() => new Date());
});
afterEach(() => ingress.stop());

const errorOf = (reply: { json(): Record<string, unknown> }) => reply.json().error as Record<string, unknown>;

describe('pictures from words', () => {
  it('are linked to, paid for one by one, and said in headers before', async () => {
    ingress = await runImages({ draw: drawing(store, [PNG, OTHER_PNG]) }, { store });
    const reply = await ingress.send(askingFor({ n: 2, size: '1024x1536' }));
    expect(reply).toMatchObject({ status: 200, whole: true });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-estimated-credits': '0.123',
      'x-quota-remaining-credits': '12.34',
    });
    const link = (index: number) =>
      `^https://gateway\\.test/v1/assets/img/2026-11-20/picture-${index}\\.png\\?expires=`;
    expect(reply.json()).toEqual({
      created: expect.any(Number),
      data: [{ url: expect.stringMatching(link(0)) }, { url: expect.stringMatching(link(1)) }],
    });
    const requestId = reply.headers['request-id'];
    expect(ingress.heard.held).toEqual([
      expect.objectContaining({
        requestId,
        units: { images: 2 },
        model: 'gpt-image-2',
        priceVersions: ['gpt-image-2@1'],
        stream: false,
      }),
    ]);
    expect(ingress.heard.drawn[0]?.input).toMatchObject({
      workId: requestId,
      target: pictureTarget,
      asked: { kind: 'image', request: { prompt: 'a cat', n: 2, size: '1024x1536', images: [] } },
      attemptsLeft: 3,
    });
    expect(await ingress.settled()).toEqual([
      expect.objectContaining({
        requestId,
        protocol: 'images',
        operation: 'generate',
        priceVersion: 'gpt-image-2@1',
        outcome: expect.objectContaining({ ending: 'complete', usage: { images: 2 }, contentStarted: true }),
      }),
    ]);
  });

  it.each(['url', 'b64_json'] as const)(
    'come with the words they were drawn from, where those are others (%s)',
    async (format) => {
      const words = 'A cat, "asleep" on a red sofa.\nIn the evening.';
      ingress = await runImages(
        {
          draw: async () => {
            const asset = await keepPicture(store, 'own', PNG);
            const other = await keepPicture(store, 'other', OTHER_PNG);
            const last = await keepPicture(store, 'last', PNG);
            return drew([asset, other, last], { [other.name]: words, [last.name]: 'Another cat.' });
          },
        },
        { store },
      );
      const reply = await ingress.send(askingFor({ n: 3, response_format: format }));
      expect(reply.json().data).toEqual([
        { [format]: expect.any(String) },
        { [format]: expect.any(String), revised_prompt: words },
        { [format]: expect.any(String), revised_prompt: 'Another cat.' },
      ]);
    },
  );

  it('are carried inside where that is asked for, byte for byte, and leave nothing in the store', async () => {
    const large = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31) % 251));
    ingress = await runImages({ draw: drawing(store, [PNG, large]) }, { store });
    const reply = await ingress.send(askingFor({ n: 2, response_format: 'b64_json' }));
    const { data } = reply.json() as { data: { b64_json: string }[] };
    expect(data.map(({ b64_json: base64 }) => Buffer.from(base64, 'base64'))).toEqual([PNG, large]);
    await ingress.stop();
    expect(await ingress.stored()).toEqual([]);
  });

  it('cost what came, where fewer came than were asked for', async () => {
    ingress = await runImages();
    const reply = await ingress.send(askingFor({ n: 4 }));
    expect(reply.json().data).toHaveLength(1);
    expect((await ingress.settled())[0]?.outcome.usage).toEqual({ images: 1 });
  });

  it('cost no more than was asked for, where more came', async () => {
    ingress = await runImages({ draw: drawing(store, [PNG, OTHER_PNG]) }, { store });
    const reply = await ingress.send(askingFor({ n: 1 }));
    expect(reply.json().data).toHaveLength(1);
    expect((await ingress.settled())[0]?.outcome.usage).toEqual({ images: 1 });
  });

  it('tell under which name they are served, and what had no place on the wire', async () => {
    const plan = { ...picturePlan, alias: 'gpt-image' };
    ingress = await runImages(
      { routing: { planMedia: async () => plan }, draw: drawing(store, [PNG], ['style']) },
      { store },
    );
    const { headers } = await ingress.send(askingFor({ style: 'vivid' }));
    expect(headers['x-model-alias']).toBe('gpt-image -> gpt-image-2');
    expect(headers['x-gateway-warnings']).toBe('L60;path="style";action=dropped');
  });
});

describe('before anything is held', () => {
  it.each([
    { name: 'more pictures than the model draws', body: { n: 9 }, param: 'n' },
    { name: 'a size it does not have', body: { size: '7x7' }, param: 'size' },
    { name: 'a stream of a model without one', body: { stream: true }, model: 'nano-banana', param: 'stream' },
    { name: 'a misspelt parameter', body: { sise: '1024x1024' }, param: 'sise' },
    { name: 'no prompt', body: { prompt: '' }, param: 'prompt' },
    { name: 'an address inside', body: { source_image: 'https://127.0.0.1/a.png' }, param: 'source_image' },
    { name: 'data that is no picture', body: { source_image: 'data:image/png;base64,QUFB' }, param: 'source_image' },
  ])('$name is refused', async ({ body, model = 'gpt-image-2', param }) => {
    ingress = await runImages({ routing: { planMedia: async () => ({ ...picturePlan, model }) } });
    const reply = await ingress.send(askingFor(body));
    expect([reply.status, errorOf(reply)]).toEqual([400, expect.objectContaining({ code: 'invalid_param', param })]);
    expect(ingress.heard.held).toEqual([]);
    expect(await ingress.stored()).toEqual([]);
  });

  it('a body that is nested without end is refused', async () => {
    ingress = await runImages();
    const image = `${'{"url":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const reply = await ingress.send({ ...askingFor({}), body: `{"model":"m","prompt":"x","image":${image}}` });
    expect([reply.status, errorOf(reply)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_param', message: expect.stringContaining('512 levels') }),
    ]);
  });

  it('a model that nobody has described is refused', async () => {
    const targets = [{ ...pictureTarget, upstreamModel: 'unheard-of' }];
    ingress = await runImages({
      routing: { planMedia: async () => ({ ...picturePlan, model: 'unheard-of', targets }) },
    });
    const reply = await ingress.send(askingFor({}));
    expect([reply.status, errorOf(reply).code]).toEqual([400, 'unsupported_capability']);
    expect(ingress.heard.held).toEqual([]);
  });

  it('a request that finds no room beside those in flight is refused', async () => {
    const gate = step();
    const draw = drawing(store, [PNG]);
    ingress = await runImages(
      {
        routing: { authenticate: async () => ({ ...principal, concurrency: 1 }) },
        draw: async (...given) => gate.done.then(() => draw(...given)),
      },
      { store },
    );
    const first = ingress.send(askingFor({}));
    await until(() => ingress.heard.drawn.length === 1);
    const second = await ingress.send(askingFor({}));
    expect([second.status, errorOf(second).code]).toEqual([429, 'concurrency_limit']);
    gate.take();
    expect((await first).status).toBe(200);
    expect(ingress.heard.held).toHaveLength(1);
  });

  it('a refused hold is answered as such, with the input taken back', async () => {
    const refused = async () => {
      throw new GatewayError('insufficient-credit', 'The balance does not reach.');
    };
    ingress = await runImages({ billing: { hold: refused } });
    const source = `data:image/png;base64,${PNG.toString('base64')}`;
    const reply = await ingress.send(askingFor({ source_image: source }));
    expect([reply.status, errorOf(reply).code]).toEqual([402, 'insufficient_balance']);
    expect([await ingress.stored(), ingress.heard.facts]).toEqual([[], []]);
  });
});

describe('when a target does not draw', () => {
  const second = { ...pictureTarget, channelId: 'pictures-2', priceVersion: 'gpt-image-2@2' };
  const twoTargets = { routing: { planMedia: async () => ({ ...picturePlan, targets: [pictureTarget, second] }) } };

  it('the next is asked, and both attempts are told', async () => {
    ingress = await runImages(
      {
        ...twoTargets,
        draw: async (request, sink, context) => {
          if (request.input.target.channelId === 'pictures-1')
            return drewNothing('refused', { kind: 'upstream-rate-limited', message: 'slow down' });
          const outcome = await drawing(store, [PNG])(request, sink, context);
          return { ...outcome, attempts: [{ ...pictureAttempt, priceVersion: 'gpt-image-2@2' }] };
        },
      },
      { store },
    );
    const reply = await ingress.send(askingFor({}));
    expect(reply.status).toBe(200);
    expect(ingress.heard.held[0]?.priceVersions).toEqual(['gpt-image-2@1', 'gpt-image-2@2']);
    const [fact] = await ingress.settled();
    expect(fact).toMatchObject({ priceVersion: 'gpt-image-2@2', outcome: { ending: 'complete' } });
    expect(fact?.outcome.attempts.map(({ kind }) => kind)).toEqual(['upstream-rate-limited', undefined]);
  });

  it.each([
    {
      name: 'one that may have begun',
      type: 'unclear',
      kind: 'upstream-transient',
      status: 502,
      code: 'upstream_error',
    },
    {
      name: 'a safety block',
      type: 'refused',
      kind: 'upstream-blocked',
      status: 451,
      code: 'content_policy_violation',
    },
    { name: 'a bad parameter', type: 'refused', kind: 'upstream-refused', status: 400, code: 'upstream_refused' },
  ] as const)('no other is asked after $name', async ({ type, kind, status, code }) => {
    ingress = await runImages({ ...twoTargets, draw: async () => drewNothing(type, { kind, message: 'said' }) });
    const reply = await ingress.send(askingFor({}));
    expect([reply.status, errorOf(reply).code]).toEqual([status, code]);
    expect(reply.headers['x-quota-remaining-credits']).toBe('12.34');
    expect(ingress.heard.drawn).toHaveLength(1);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({ ending: 'failed', contentStarted: false });
  });

  it('a picture that could not be had is told by the name that its caller gave it', async () => {
    const failure = { kind: 'invalid-request', message: 'the address cannot be used', param: 'images' } as const;
    ingress = await runImages({ ...twoTargets, draw: async () => drewNothing('refused', failure) });
    const reply = await ingress.send(askingFor({ source_image: 'https://a.example/cat.png' }));
    expect([reply.status, errorOf(reply)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_param', param: 'source_image', message: 'the address cannot be used' }),
    ]);
  });

  it('calls that are made side by side count as one of those that may be made', async () => {
    const google = {
      ...pictureTarget,
      vendor: 'google',
      upstreamModel: 'gemini-2.5-flash-image',
      model: 'nano-banana',
    };
    const targets = [1, 2, 3].map((channel) => ({ ...google, channelId: `pictures-${channel}` }));
    const slow = { kind: 'upstream-rate-limited', message: 'slow down' } as const;
    ingress = await runImages({
      routing: { planMedia: async () => ({ model: 'nano-banana', kind: 'image', targets }) },
      draw: async () => {
        const { submitted, attempts } = drewNothing('refused', slow);
        return { submitted, attempts: [...attempts, ...attempts] };
      },
    });
    const reply = await ingress.send(askingFor({ model: 'nano-banana', n: 2 }));
    expect([reply.status, errorOf(reply).code]).toEqual([429, 'upstream_rate_limited']);
    expect(ingress.heard.drawn.map(({ input }) => input.attemptsLeft)).toEqual([3, 2, 1]);
  });

  it('no other is asked after one whose pictures found no place in our store', async () => {
    const failure = { kind: 'unavailable', message: 'the asset store failed' } as const;
    const report = { state: 'failed', word: 'not copied', failure } as const;
    ingress = await runImages({
      ...twoTargets,
      draw: async () => ({ submitted: { type: 'finished', report }, attempts: [pictureAttempt] }),
    });
    const reply = await ingress.send(askingFor({}));
    expect([reply.status, ingress.heard.drawn.length]).toEqual([503, 1]);
  });

  it('none that cannot be heard is asked twice', async () => {
    ingress = await runImages({
      ...twoTargets,
      draw: async () => {
        throw new GatewayError('unavailable', 'the adapter died');
      },
    });
    const reply = await ingress.send(askingFor({}));
    expect([reply.status, ingress.heard.drawn.length]).toEqual([503, 1]);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({ ending: 'failed', attempts: [] });
  });

  it('a wait that lasts too long is answered with the way to have the pictures all the same', async () => {
    ingress = await runImages(
      {
        ...twoTargets,
        draw: async (_request, _sink, { signal }) => {
          await whenAborted(signal);
          return drewNothing('unclear', { kind: 'cancelled', message: 'the caller left' });
        },
      },
      { timings: { picturesMs: 20 } },
    );
    const reply = await ingress.send(askingFor({}));
    expect([reply.status, errorOf(reply).code]).toEqual([504, 'upstream_timeout']);
    expect(errorOf(reply).message).toContain('POST /v1/tasks/submit');
    expect(reply.headers['x-should-retry']).toBe('false');
    expect(ingress.heard.drawn).toHaveLength(1);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({
      ending: 'failed',
      failure: { kind: 'upstream-timeout' },
      attempts: [{ channelId: 'pictures-1' }],
    });
  });
});

describe('what is not handed over', () => {
  it('is free, when the client leaves before the end', async () => {
    const aborted = step();
    ingress = await runImages({
      draw: async (_request, _sink, { signal }) => {
        await whenAborted(signal);
        aborted.take();
        return drewNothing('unclear', { kind: 'cancelled', message: 'the caller left' });
      },
    });
    const controller = new AbortController();
    const asked = open(ingress.address, { ...askingFor({}), signal: controller.signal }).catch(() => undefined);
    await until(() => ingress.heard.drawn.length === 1);
    controller.abort();
    await Promise.all([asked, aborted.done]);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({ ending: 'cancelled', contentStarted: false });
  });

  it('is free, when the gateway goes down before the end', async () => {
    ingress = await runImages({
      draw: async (_request, _sink, { signal }) => {
        await whenAborted(signal);
        return drewNothing('unclear', { kind: 'cancelled', message: 'the caller left' });
      },
    });
    const asked = ingress.send(askingFor({}));
    await until(() => ingress.heard.drawn.length === 1);
    await ingress.stop();
    const reply = await asked;
    expect([reply.status, errorOf(reply).code]).toEqual([503, 'unavailable']);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({
      ...{ ending: 'failed', contentStarted: false },
      failure: { kind: 'unavailable' },
    });
  });

  it('is free, when a picture is not in the store', async () => {
    const missing = { name: 'img/2026-11-20/lost.png', contentType: 'image/png', bytes: 3, sha256: '' };
    ingress = await runImages({
      draw: async (_request, sink) => {
        await sink.head({ unsent: [] });
        return drew([missing]);
      },
    });
    const reply = await ingress.send(askingFor({ response_format: 'b64_json' }));
    expect([reply.status, errorOf(reply).code]).toEqual([503, 'unavailable']);
    expect((await ingress.settled())[0]?.outcome).toMatchObject({ ending: 'failed', failure: { kind: 'unavailable' } });
  });
});

describe('a request that its client has named', () => {
  const named = (body: object) => askingFor(body, { headers: { 'idempotency-key': 'one' } });

  it.each(['url', 'b64_json'] as const)('runs once for all its repeats (%s)', async (format) => {
    ingress = await runImages({}, { store });
    const first = await ingress.send(named({ response_format: format }));
    const again = await ingress.send(named({ response_format: format }));
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'request-id': first.headers['request-id'],
      'content-type': 'application/json; charset=utf-8',
    });
    expect(ingress.heard.drawn).toHaveLength(1);
    expect(await ingress.settled()).toHaveLength(1);
  });

  it('conflicts with another of the same name', async () => {
    ingress = await runImages({}, { store });
    await ingress.send(named({}));
    const other = await ingress.send(named({ n: 2 }));
    expect([other.status, errorOf(other).code]).toEqual([409, 'idempotency_conflict']);
  });

  it('is not kept when it failed', async () => {
    ingress = await runImages({
      draw: async () => drewNothing('refused', { kind: 'upstream-blocked', message: 'no' }),
    });
    expect([await ingress.send(named({})), await ingress.send(named({}))].map(({ status }) => status)).toEqual([
      451, 451,
    ]);
    expect(ingress.heard.drawn).toHaveLength(2);
  });
});

it('keeps pictures whose links it gave', async () => {
  ingress = await runImages(
    { draw: async (_request, sink) => (await sink.head({ unsent: [] }), drew([await keepPicture(store, 'p', PNG)])) },
    { store },
  );
  const { data } = (await ingress.send(askingFor({}))).json() as { data: { url: string }[] };
  const { pathname, search } = new URL(data[0]?.url ?? '');
  expect((await ingress.send({ path: pathname + search })).body).toEqual(PNG);
});

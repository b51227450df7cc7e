import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLocalBus } from '@bytespike/bus/testing';
import { REAL_BASE_ADDRESSES, seedCatalogue, type CatalogueDocument } from '@bytespike/catalog';
import { configuration, generation, health, media, type HandlersFor } from '@bytespike/contracts';
import { seal } from '@bytespike/secrets';
import { createLogger } from '@bytespike/telemetry';

import { mp4 } from './media/testing/files.js';
import { askedFilm, context, mediaTarget } from './media/testing/media-adapter.js';
import { upstreamAdapters } from './service.js';
import { chatTarget } from './testing/call-adapter.js';
import { answering, startScriptedVendor, streaming, type ScriptedVendor } from './testing/scripted-vendor.js';

const key = Buffer.alloc(32, 7);
const logger = createLogger({ service: 'test', level: 'silent' });
const whole = 'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** console-api, as far as this service knows it. */
function configurationOf(
  address: string,
  secret: () => string,
  published = { version: 1 },
): HandlersFor<typeof configuration> {
  const seed = seedCatalogue(REAL_BASE_ADDRESSES);
  const model = seed.models.find(({ cells }) => cells['openai-chat'] === 'native');
  const channel = {
    id: 'ch-1',
    name: 'main',
    vendor: 'openai',
    protocol: 'openai-chat' as const,
    address,
    weight: 1,
    models: [{ model: model?.id ?? '', upstreamModel: 'up-1' }],
  };
  const films = { id: 'ch-2', name: 'films', vendor: 'openai', address, weight: 1 };
  const mediaChannels = [{ ...films, models: [{ model: 'sora-2', upstreamModel: 'sora-2' }] }];
  const catalogue: CatalogueDocument = { ...seed, channels: [channel], mediaChannels };
  return {
    snapshot: async () => ({ version: published.version, catalogue }),
    credentials: async () => ({
      credentials: [{ credentialId: 'cr-1', weight: 1, sealed: seal(secret(), 'cr-1', key) }],
    }),
  };
}

describe('upstream-adapters', () => {
  let vendor: ScriptedVendor;
  let assets: string;
  beforeAll(async () => {
    assets = await mkdtemp(join(tmpdir(), 'assets-'));
  });
  afterAll(() => rm(assets, { recursive: true }));
  beforeEach(async () => {
    vendor = await startScriptedVendor();
  });
  afterEach(() => vendor.stop());

  const start = async (secret = () => 'sk-vendor', published = { version: 1 }) => {
    const bus = createLocalBus();
    await bus.serve(configuration, configurationOf(vendor.address, secret, published));
    const running = await upstreamAdapters.start({
      environment: { CREDENTIALS_KEY: key.toString('base64'), ASSETS_FOLDER: assets },
      bus,
      logger,
    });
    const call = async () => {
      let text = '';
      const input = {
        requestId: 'r',
        operation: 'generate' as const,
        stream: true,
        headers: {},
        query: '',
        target: chatTarget(),
        edits: [],
        usageChunk: 'pass' as const,
        attemptsLeft: 1,
      };
      const outcome = await bus
        .client(generation)
        .run(
          { input, body: Buffer.from('{}') },
          { head: () => undefined, data: (bytes) => void (text += Buffer.from(bytes).toString()) },
          { requestId: 'r', deadline: Date.now() + 60_000, signal: new AbortController().signal },
        );
      return { outcome, text };
    };
    return { bus, running, call };
  };

  it('reads the catalogue, opens the sealed credential and serves over the bus', async () => {
    const { running, call } = await start();
    expect(running.ready?.()).toBe(true);
    vendor.follow(streaming([whole]));
    expect(await call()).toMatchObject({ text: whole, outcome: { ending: 'complete' } });
    expect(vendor.seen[0]?.headers.authorization).toBe('Bearer sk-vendor');
    await running.drain(1_000);
  });

  it('takes a replaced credential once a new catalogue is published', async () => {
    let secret = 'sk-old';
    const published = { version: 1 };
    const { bus, running, call } = await start(() => secret, published);
    vendor.follow(streaming([whole]));
    await call();
    secret = 'sk-new';
    published.version = 2;
    await bus.publish(configuration.snapshotPublished, { version: 2 });
    await until(async () => {
      await call();
      return vendor.seen.at(-1)?.headers.authorization === 'Bearer sk-new';
    });
    await running.drain(1_000);
  });

  it('tells when a circuit opens', async () => {
    const { bus, running, call } = await start();
    const told: string[] = [];
    await bus.subscribe(health.circuitChanged, { mode: 'broadcast' }, async (changes) => {
      told.push(...changes.map(({ channelId, upstreamModel, state }) => `${channelId} ${upstreamModel} ${state}`));
    });
    vendor.follow(answering(503, {}));
    for (let count = 0; count < 20; count += 1) await call();
    await until(async () => told.length > 0);
    expect(told).toEqual(['ch-1 up-1 open']);
    await running.drain(1_000);
  });

  it('asks for films at the channels of films, and keeps what it copies', async () => {
    const { bus, running } = await start();
    vendor.follow(answering(200, { id: 'video_1', status: 'queued' }), (response) => void response.end(mp4));
    const target = mediaTarget({ channelId: 'ch-2' });
    const sink = { head: () => undefined, data: () => undefined };
    const asked = { workId: 't', target, asked: askedFilm(), mark: 1, attemptsLeft: 1, patienceMs: 60_000 };
    const outcome = await bus.client(media).submit({ input: asked }, sink, context());
    expect(outcome).toMatchObject({
      submitted: { type: 'accepted', upstreamId: 'video_1' },
      credentialId: 'cr-1',
    });
    const asset = { from: 'vendor', path: '/v1/videos/video_1/content', mediaType: 'video/mp4' } as const;
    const input = { workId: 't', target, credentialId: 'cr-1', asset, index: 0 };
    const fetched = await bus.client(media).fetch({ input }, sink, context());
    expect(fetched).toMatchObject({ type: 'kept', asset: { contentType: 'video/mp4', bytes: mp4.length } });
    expect(vendor.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-vendor', 'Bearer sk-vendor']);
    await running.drain(1_000);
  });

  it('does not start without its key', async () => {
    await expect(upstreamAdapters.start({ environment: {}, bus: createLocalBus(), logger })).rejects.toThrow(
      'CREDENTIALS_KEY',
    );
  });
});

/** Facts arrive some turns after they were stated; the test's own time limit bounds the wait. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}

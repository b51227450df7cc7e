import OpenAI from 'openai';
import { toFile } from 'openai';
import { openai } from '../openai/openai.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { controlOf, until } from '../testing/watch.js';

let simulator: RunningSimulator;
let client: OpenAI;
let control: ReturnType<typeof controlOf>;
beforeAll(async () => {
  simulator = await startSimulator([openai]);
  client = clientFor('sim-openai-key');
  control = controlOf(simulator.address);
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await control('DELETE', 'renders');
  await control('DELETE', 'faults');
});

const clientFor = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${simulator.address}/openai/v1`, maxRetries: 0 });
const ended = (id: string) =>
  until(
    () => client.videos.retrieve(id),
    ({ status }) => status === 'completed' || status === 'failed',
  );
const rendersOf = async (prompt: string) =>
  (await control('GET', `renders?containing=${encodeURIComponent(prompt)}`))['renders'] as Record<string, unknown>[];

describe('the films of OpenAI, asked for by the official package', () => {
  it('waits in the queue, is rendered with progress, and is fetched in its variants and in parts', async () => {
    const asked = { model: 'sora-2', prompt: 'a cat [[fault: render-ms=150 queue-hold=q]]', seconds: '8' } as const;
    const video = await client.videos.create({ ...asked, size: '1280x720' });
    expect(video).toMatchObject({
      object: 'video',
      status: 'queued',
      progress: 0,
      seconds: '8',
      size: '1280x720',
      model: 'sora-2',
      error: null,
      completed_at: null,
      expires_at: null,
      remixed_from_video_id: null,
    });
    await until(
      () => control('POST', 'release', { hold: 'q' }),
      ({ released }) => released === 1,
    );
    await until(
      () => client.videos.retrieve(video.id),
      ({ status, progress }) => status === 'in_progress' && progress > 0 && progress < 100,
    );
    const done = await ended(video.id);
    expect([done.status, done.progress, done.expires_at! - done.completed_at!]).toEqual(['completed', 100, 3600]);

    const film = await client.videos.downloadContent(video.id);
    const bytes = Buffer.from(await film.arrayBuffer());
    expect([film.headers.get('content-type'), bytes.toString('latin1', 4, 8)]).toEqual(['video/mp4', 'ftyp']);
    const part = await client.videos.downloadContent(video.id, {}, { headers: { range: 'bytes=4-7' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 4-7/${bytes.length}`,
      'ftyp',
    ]);
    const thumbnail = await client.videos.downloadContent(video.id, { variant: 'thumbnail' });
    expect(thumbnail.headers.get('content-type')).toBe('image/webp');
    const sheet = await client.videos.downloadContent(video.id, { variant: 'spritesheet' });
    expect(sheet.headers.get('content-type')).toBe('image/jpeg');
    await expect(
      client.videos.downloadContent(video.id, {}, { headers: { range: 'bytes=99999999-' } }),
    ).rejects.toMatchObject({ status: 416 });
  });

  it('takes a picture to begin with in a form, lists by pages, and deletes what has ended', async () => {
    const input_reference = await toFile(Buffer.from('a picture'), 'first.png', { type: 'image/png' });
    const first = await client.videos.create({ prompt: 'one [[fault: render-ms=0]]', input_reference });
    const second = await client.videos.create({ prompt: 'two [[fault: render-hold=never]]', seconds: '12' });
    expect([first.seconds, second.seconds]).toEqual(['4', '12']);
    const page = await client.videos.list({ limit: 1 });
    expect([page.data.map(({ id }) => id), page.has_more]).toEqual([[second.id], true]);
    const listed: string[] = [];
    for await (const { id } of client.videos.list({ order: 'asc', limit: 1 })) listed.push(id);
    expect(listed).toEqual([first.id, second.id]);
    await ended(first.id);
    await expect(client.videos.delete(second.id)).rejects.toMatchObject({ status: 400 });
    expect(await client.videos.delete(first.id)).toEqual({ id: first.id, deleted: true, object: 'video.deleted' });
    await expect(client.videos.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
    await expect(clientFor('sim-other').videos.retrieve(second.id)).rejects.toMatchObject({ status: 404 });
  });

  it('remixes a film into another', async () => {
    const { id } = await client.videos.create({ prompt: 'a dog', size: '1280x720' });
    const remixed = await client.videos.remix(id, { prompt: 'the dog sings' });
    expect(remixed).toMatchObject({ remixed_from_video_id: id, size: '1280x720', prompt: 'the dog sings' });
  });

  it.each([
    [{ prompt: 'x', seconds: 5 }, 'seconds'],
    [{ prompt: 'x', seconds: '5' }, 'seconds'],
    [{ prompt: 'x', size: '1024x1024' }, 'size'],
    [{ prompt: 'x', model: 'sora-2', size: '1792x1024' }, 'size'],
    [{ prompt: 'x', model: 'gpt-5.5' }, 'model'],
    [{ prompt: 'x', duration: 5 }, 'duration'],
    [{ seconds: '4' }, 'prompt'],
  ])('refuses %j for its %s', async (body, param) => {
    await expect(client.videos.create(body as OpenAI.VideoCreateParams)).rejects.toMatchObject({ status: 400, param });
    expect((await control('GET', 'stats'))['renders']).toMatchObject({ taken: {}, open: 0 });
  });

  it.each([
    ['failed', { status: 'failed', error: { code: 'video_generation_failed' } }],
    ['filtered', { status: 'failed', error: { code: 'moderation_blocked' } }],
  ])('ends %s as ordered', async (outcome, expected) => {
    const { id } = await client.videos.create({ prompt: `x [[fault: render-ms=0 outcome=${outcome}]]` });
    expect(await ended(id)).toMatchObject(expected);
    await expect(client.videos.downloadContent(id)).rejects.toMatchObject({ status: 404 });
  });

  it('says words that nobody knows, on the way and at the end', async () => {
    const order = '[[fault: render-ms=0 running-word=pondering render-hold=w outcome=exploded]]';
    const { id } = await client.videos.create({ prompt: `x ${order}` });
    const seen = (word: string) =>
      until(
        () => client.videos.retrieve(id),
        ({ status }) => (status as string) === word,
      );
    await seen('pondering');
    await until(
      () => control('POST', 'release', { hold: 'w' }),
      ({ released }) => released === 1,
    );
    await seen('exploded');
  });

  it('completes with nothing to fetch, and lets a film expire', async () => {
    const nothing = await client.videos.create({ prompt: 'x [[fault: render-ms=0 outcome=empty]]' });
    const brief = await client.videos.create({ prompt: 'y [[fault: render-ms=0 asset-ttl-ms=0]]' });
    for (const { id } of [nothing, brief]) {
      expect(await ended(id)).toMatchObject({ status: 'completed' });
      await expect(client.videos.downloadContent(id)).rejects.toMatchObject({ status: 404, code: 'video_expired' });
    }
  });

  it('blocks a prompt before anything is begun', async () => {
    await expect(client.videos.create({ prompt: 'x [[fault: outcome=blocked]]' })).rejects.toMatchObject({
      status: 400,
      code: 'moderation_blocked',
    });
  });
});

describe('faults in the life of a film', () => {
  it.each(['status=503 retry-after=2', 'reset', 'status=429'])('under %s no film was begun', async (fault) => {
    const prompt = `lost by ${fault} [[fault: ${fault}]]`;
    await expect(client.videos.create({ prompt })).rejects.toThrow();
    expect(await rendersOf(prompt)).toEqual([]);
  });

  it.each(['reset accepted', 'status=500 accepted', 'cut=1'])(
    'under %s it was, though nobody was told',
    async (fault) => {
      const prompt = `kept under ${fault} [[fault: render-ms=0 ${fault}]]`;
      await expect(client.videos.create({ prompt })).rejects.toThrow();
      expect(await rendersOf(prompt)).toMatchObject([{ timesTaken: 1, polls: 0 }]);
      expect((await client.videos.list()).data).toMatchObject([{ prompt }]);
    },
  );

  it('was taken though its answer is held back, and though nobody waits for it any more', async () => {
    const prompt = 'held [[fault: hold=answer render-ms=0]]';
    const impatient = new AbortController();
    const asking = client.videos.create({ prompt }, { signal: impatient.signal });
    await until(
      () => rendersOf(prompt),
      (renders) => renders.length === 1,
    );
    impatient.abort();
    await expect(asking).rejects.toThrow();
    await until(
      () => rendersOf(prompt),
      ([render]) => render?.['state'] === 'ended',
    );
  });

  it('is taken once when it is refused once and asked again', async () => {
    const prompt = 'again [[fault: status=429 retry-after=1 times=1]]';
    await expect(client.videos.create({ prompt })).rejects.toMatchObject({ status: 429 });
    await client.videos.create({ prompt });
    expect(await rendersOf(prompt)).toMatchObject([{ timesTaken: 1 }]);
  });

  it('counts what is submitted twice', async () => {
    const prompt = 'twice [[fault: render-ms=0]]';
    await client.videos.create({ prompt });
    await client.videos.create({ prompt });
    expect(await rendersOf('twice')).toMatchObject([{ timesTaken: 2 }, { timesTaken: 2 }]);
    expect((await control('GET', 'stats'))['renders']).toMatchObject({
      taken: { 'openai-videos': 2 },
      takenAgain: 1,
    });
  });

  it('strikes looks and downloads by marks of their own, each so many times', async () => {
    const prompt = [
      'x [[fault: render-ms=0]]',
      '[[fault poll: status=403 times=2]]',
      '[[fault asset: status=502 times=1]]',
    ].join(' ');
    const { id } = await client.videos.create({ prompt });
    for (let time = 0; time < 2; time += 1)
      await expect(client.videos.retrieve(id)).rejects.toMatchObject({ status: 403 });
    await ended(id);
    await expect(client.videos.downloadContent(id)).rejects.toMatchObject({ status: 502 });
    expect((await client.videos.downloadContent(id)).status).toBe(200);
    expect(await rendersOf(id)).toMatchObject([{ fetches: 2 }]);
  });

  it('delivers a film of any size without holding it, in order or broken off', async () => {
    const prompt = 'large [[fault: render-ms=0 asset-bytes=20m]] [[fault asset: cut-bytes=300000 times=1]]';
    const { id } = await client.videos.create({ prompt });
    await ended(id);
    const broken = await client.videos.downloadContent(id);
    await expect(broken.arrayBuffer()).rejects.toThrow('terminated');
    const whole = await client.videos.downloadContent(id);
    expect((await whole.arrayBuffer()).byteLength).toBe(20 * 1024 * 1024);
    expect(whole.headers.get('content-length')).toBe(String(20 * 1024 * 1024));
  });

  it.each(['wrong-length=100', 'stall=0', 'hang'])('leaves a download incomplete under %s', async (fault) => {
    const { id } = await client.videos.create({ prompt: `x [[fault: render-ms=0]] [[fault asset: ${fault}]]` });
    await ended(id);
    const fetching = client.videos
      .downloadContent(id, {}, { signal: AbortSignal.timeout(300) })
      .then((film) => film.arrayBuffer());
    await expect(fetching).rejects.toThrow();
  });

  it('is down for a while when it is told to, for every call', async () => {
    const { id } = await client.videos.create({ prompt: 'x [[fault: render-hold=h]]' });
    await control('POST', 'faults', { vendor: 'openai', fault: 'status=503', forMs: 60_000 });
    for (const call of [client.videos.retrieve(id), client.videos.list(), client.videos.create({ prompt: 'y' })])
      await expect(call).rejects.toMatchObject({ status: 503 });
    await control('DELETE', 'faults');
    expect((await client.videos.retrieve(id)).id).toBe(id);
    expect(await rendersOf('y')).toEqual([]);
  });

  it('is struck where many are listed, by the mark of one of them', async () => {
    await client.videos.create({ prompt: 'x [[fault: render-ms=0]] [[fault list: status=500 times=1]]' });
    await expect(client.videos.list()).rejects.toMatchObject({ status: 500 });
    expect((await client.videos.list()).data).toHaveLength(1);
  });

  it('tells who injects an order that only a prompt can give it', async () => {
    const body = JSON.stringify({ fault: 'outcome=failed' });
    const response = await fetch(`${simulator.address}/_sim/faults`, { method: 'POST', body });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('in the prompt')]);
  });

  it('is struck once at the step that a test names', async () => {
    await control('POST', 'faults', { on: 'poll', fault: 'status=500' });
    const { id } = await client.videos.create({ prompt: 'x [[fault: render-hold=h]]' });
    await expect(client.videos.retrieve(id)).rejects.toMatchObject({ status: 500 });
    expect((await client.videos.retrieve(id)).id).toBe(id);
  });
});

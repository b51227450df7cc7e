import { GoogleGenAI } from 'google-genai-2';
import type { GenerateVideosOperation, GenerateVideosParameters } from 'google-genai-2';
import { gemini, geminiDownloads } from '../gemini/gemini.js';
import { lendDispatcher } from '../testing/lend-dispatcher.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { controlOf, until } from '../testing/watch.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  lendDispatcher();
  simulator = await startSimulator([gemini, geminiDownloads]);
});
afterAll(() => simulator.close());

// The third release of the package asks only Vertex for films; the second still speaks this wire.
const client = (apiKey = 'sim-gemini') =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${simulator.address}/gemini` } });
const MODEL = 'veo-3.1-generate-preview';
const ask = (prompt: string, config: GenerateVideosParameters['config'] = {}) =>
  client().models.generateVideos({ model: MODEL, source: { prompt }, config });
const ended = (operation: GenerateVideosOperation) =>
  until(
    () => client().operations.getVideosOperation({ operation }),
    ({ done }) => done === true,
  );
const get = (address: string, headers: Record<string, string> = {}, redirect: RequestInit['redirect'] = 'follow') =>
  fetch(address, { headers, redirect });

describe('the films of Veo, asked for by the official package', () => {
  it('is an operation until it is a film, which the key fetches by a redirect', async () => {
    const begun = await ask('a cat [[fault: render-ms=50 render-hold=g]]', { durationSeconds: 8, resolution: '1080p' });
    expect(begun.name).toMatch(/^models\/veo-3\.1-generate-preview\/operations\/[a-z0-9]+$/);
    expect(begun.done).toBeUndefined();
    expect((await client().operations.getVideosOperation({ operation: begun })).done).toBeUndefined();
    const control = controlOf(simulator.address);
    await until(
      () => control('POST', 'release', { hold: 'g' }),
      ({ released }) => released === 1,
    );
    const { response } = await ended(begun);
    const uri = response?.generatedVideos?.[0]?.video?.uri ?? '';
    expect(uri).toContain(':download?alt=media');
    const key = { 'x-goog-api-key': 'sim-gemini' };
    expect((await get(uri)).status).toBe(403);
    expect((await get(uri, { 'x-goog-api-key': 'sim-other' })).status).toBe(403);
    expect((await get(uri, key, 'manual')).status).toBe(302);
    const film = await get(uri, { ...key, range: 'bytes=0-99' });
    expect([film.status, film.headers.get('content-type')]).toEqual([206, 'video/mp4']);
    expect(Buffer.from(await film.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
  });

  it('takes a picture to begin with, and makes several films', async () => {
    const image = { imageBytes: Buffer.from('a picture').toString('base64'), mimeType: 'image/png' };
    const operation = await client().models.generateVideos({
      model: MODEL,
      source: { prompt: 'x [[fault: render-ms=0]]', image },
      config: { numberOfVideos: 2, aspectRatio: '9:16', lastFrame: image },
    });
    expect((await ended(operation)).response?.generatedVideos).toHaveLength(2);
    const some = await ask('x [[fault: render-ms=0 item-errors=1]]', { numberOfVideos: 2 });
    const { response } = await ended(some);
    expect([response?.generatedVideos?.length, response?.raiMediaFilteredCount]).toEqual([1, 1]);
  });

  it.each([
    ['filtered', { response: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: [expect.any(String)] } }],
    ['empty', { response: {} }],
    ['failed', { error: { code: 13 } }],
  ])('ends %s without a film', async (outcome, expected) => {
    const operation = await ended(await ask(`x [[fault: render-ms=0 outcome=${outcome}]]`));
    expect(operation).toMatchObject({ done: true, ...expected });
    expect(operation.response?.generatedVideos).toBeUndefined();
  });

  it('shows an operation to the key that began it and forbids it to others', async () => {
    const operation = await ask('x [[fault: render-hold=h]]');
    const forbidden = client('sim-other').operations.getVideosOperation({ operation });
    await expect(forbidden).rejects.toMatchObject({ status: 403 });
    const trapped = await ask('x [[fault: render-ms=0]] [[fault poll: status=403 times=1]]');
    await expect(client().operations.getVideosOperation({ operation: trapped })).rejects.toMatchObject({ status: 403 });
    expect((await ended(trapped)).response?.generatedVideos).toHaveLength(1);
  });

  it.each([
    [{ durationSeconds: 5 }, 'durationSeconds'],
    [{ durationSeconds: 4, resolution: '4k' }, 'resolution'],
    [{ aspectRatio: '1:1' }, 'aspectRatio'],
    [{ numberOfVideos: 9 }, 'sampleCount'],
  ])('refuses %j', async (config, named) => {
    await expect(ask('x', config)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(named) });
  });

  it('wants pictures as the package writes them, not as the guide does', async () => {
    const body = { instances: [{ prompt: 'x', image: { inlineData: { mimeType: 'image/png', data: 'eA==' } } }] };
    const response = await fetch(`${simulator.address}/gemini/v1beta/models/${MODEL}:predictLongRunning`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'sim-gemini' },
      body: JSON.stringify(body),
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('inlineData')]);
  });

  it('fails a download as ordered, and lets it expire', async () => {
    const key = { 'x-goog-api-key': 'sim-gemini' };
    const uriOf = async (faults: string) =>
      (await ended(await ask(`x ${faults}`))).response?.generatedVideos?.[0]?.video?.uri ?? '';
    const broken = await uriOf('[[fault: render-ms=0]] [[fault asset: status=500 times=1]]');
    expect([(await get(broken, key)).status, (await get(broken, key)).status]).toEqual([500, 200]);
    const expired = await uriOf('[[fault: render-ms=0 asset-ttl-ms=0]]');
    expect((await get(expired, key)).status).toBe(403);
  });
});

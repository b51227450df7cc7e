import { GoogleGenAI } from '@google/genai';
import type { Interactions } from '@google/genai';
import { gemini, geminiDownloads } from '../gemini/gemini.js';
import { lendDispatcher } from '../testing/lend-dispatcher.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { until } from '../testing/watch.js';

let simulator: RunningSimulator;
let client: GoogleGenAI;
beforeAll(async () => {
  lendDispatcher();
  simulator = await startSimulator([gemini, geminiDownloads]);
  client = new GoogleGenAI({ apiKey: 'sim-gemini', httpOptions: { baseUrl: `${simulator.address}/gemini` } });
});
afterAll(() => simulator.close());

type Format = Interactions.VideoResponseFormat;
const ask = (input: string, format: Partial<Format> = {}, background = true) =>
  client.interactions.create({
    model: 'gemini-omni-1.1-flash',
    input,
    background,
    response_format: { type: 'video', ...format },
    generation_config: { video_config: { task: 'text_to_video' } },
  });
const ended = (id: string) =>
  until(
    () => client.interactions.get(id),
    ({ status }) => !['queued', 'in_progress'].includes(status),
  );

describe('the films of the Interactions API, asked for by the official package', () => {
  it('are rendered in the background and come inline, or by address', async () => {
    const begun = await ask('a cat [[fault: render-ms=20]]', { duration: '6s', aspect_ratio: '9:16' });
    expect([begun.status, begun.output_video]).toEqual(['queued', undefined]);
    const done = await ended(begun.id);
    expect(done).toMatchObject({ status: 'completed', output_video: { type: 'video', mime_type: 'video/mp4' } });
    expect(Buffer.from(done.output_video?.data ?? '', 'base64').toString('latin1', 4, 8)).toBe('ftyp');
    expect(done.usage?.output_tokens_by_modality).toEqual([{ modality: 'video', tokens: 6 * 5_792 }]);

    const sent = await ended((await ask('x [[fault: render-ms=0]]', { delivery: 'uri' })).id);
    const film = await fetch(sent.output_video?.uri ?? '', { headers: { 'x-goog-api-key': 'sim-gemini' } });
    expect(film.headers.get('content-type')).toBe('video/mp4');
    const large = await ended((await ask('x [[fault: render-ms=0 asset-bytes=5m]]')).id);
    expect([large.output_video?.data, typeof large.output_video?.uri]).toEqual([undefined, 'string']);
  });

  it('answers in the foreground when the film has come', async () => {
    const done = await ask('x [[fault: render-ms=20]]', {}, false);
    expect([done.status, typeof done.output_video?.data]).toEqual(['completed', 'string']);
  });

  it('are called off while they run in the background, and not after', async () => {
    const { id } = await ask('x [[fault: render-hold=h]]');
    expect((await client.interactions.cancel(id)).status).toBe('cancelled');
    expect((await client.interactions.get(id)).status).toBe('cancelled');
    const done = await ended((await ask('x [[fault: render-ms=0]]')).id);
    await expect(client.interactions.cancel(done.id)).rejects.toThrow();
    expect((await client.interactions.get(done.id)).status).toBe('completed');
  });

  it.each([
    ['filtered', 'failed'],
    ['failed', 'failed'],
    ['empty', 'completed'],
    ['incomplete', 'incomplete'],
    ['budget_exceeded', 'budget_exceeded'],
    ['exploded', 'exploded'],
  ])('end %s as ordered, and bring no film', async (outcome, status) => {
    const done = await ended((await ask(`x [[fault: render-ms=0 outcome=${outcome}]]`)).id);
    expect([done.status, done.output_video]).toEqual([status, undefined]);
  });

  it.each([{ duration: '99s' }, { resolution: '8k' }, { aspect_ratio: '1:1' }] as Partial<Format>[])(
    'refuse %j',
    async (format) => {
      await expect(ask('x', format)).rejects.toThrow('400');
    },
  );
});

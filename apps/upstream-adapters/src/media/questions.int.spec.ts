import { createHash } from 'node:crypto';

import type { MediaTarget, RenderReport } from '@bytespike/contracts';

import { answering, startScriptedVendor, type ScriptedVendor } from '../testing/scripted-vendor.js';
import { mp4 } from './testing/files.js';
import { askedFilm, context, createMediaAdapter, mediaTarget, type MediaAdapter } from './testing/media-adapter.js';

const sora = mediaTarget();
const veo = mediaTarget({ vendor: 'google', model: 'veo-3.1', upstreamModel: 'veo-3.1-generate-preview' });
const seedance = mediaTarget({ vendor: 'bytedance', model: 'seedance-2.0', upstreamModel: 'doubao-seedance-2-0' });
const credentials = [
  { id: 'cr-1', weight: 1, secret: 'sim-one' },
  { id: 'cr-2', weight: 1, secret: 'sim-two' },
];

describe('questions about a render', () => {
  let vendor: ScriptedVendor;
  let adapter: MediaAdapter | undefined;
  beforeEach(async () => {
    vendor = await startScriptedVendor();
  });
  afterEach(async () => {
    await adapter?.stop();
    await vendor.stop();
  });
  const at = (target: MediaTarget): MediaAdapter =>
    (adapter = createMediaAdapter(vendor.address, target, { credentials }));
  const ask = (target: MediaTarget, upstreamId: string, credentialId = 'cr-2'): Promise<RenderReport> =>
    at(target).handlers.ask({ workId: 'w', target, credentialId, upstreamId, submittedAt: Date.now() }, context());

  it('go to the account that submitted it', async () => {
    vendor.follow(answering(200, { id: 'video_1', status: 'in_progress', progress: 40 }));
    expect(await ask(sora, 'video_1')).toEqual({ state: 'running', word: 'in_progress', progress: { percent: 40 } });
    expect(vendor.seen).toEqual([expect.objectContaining({ method: 'GET', url: '/v1/videos/video_1' })]);
    expect(vendor.seen[0]?.headers.authorization).toBe('Bearer sim-two');
  });

  it('tell where a film is, and keep the one that came inside the answer', async () => {
    vendor.follow(answering(200, { id: 'video_1', status: 'completed', seconds: '8' }));
    expect(await ask(sora, 'video_1')).toMatchObject({
      state: 'succeeded',
      assets: [{ from: 'vendor', path: '/v1/videos/video_1/content?variant=video' }],
      rendered: { seconds: 8 },
    });
    const video = { encodedVideo: mp4.toString('base64'), encoding: 'video/mp4' };
    vendor.follow(
      answering(200, { done: true, response: { generateVideoResponse: { generatedSamples: [{ video }] } } }),
    );
    const report = await ask(veo, 'models/veo/operations/op1');
    expect(report).toMatchObject({
      state: 'succeeded',
      assets: [{ from: 'store', asset: { contentType: 'video/mp4', bytes: mp4.length } }],
    });
  });

  it('keep a film byte for byte whose base64 came in lines', async () => {
    const film = Buffer.concat([mp4, Buffer.alloc(300_000, 7)]);
    const encodedVideo = film.toString('base64').replace(/.{76}/g, '$&\r\n');
    const generatedSamples = [{ video: { encodedVideo, encoding: 'video/mp4' } }];
    vendor.follow(answering(200, { done: true, response: { generateVideoResponse: { generatedSamples } } }));
    const sha256 = createHash('sha256').update(film).digest('hex');
    expect(await ask(veo, 'models/veo/operations/op1')).toMatchObject({
      state: 'succeeded',
      assets: [{ from: 'store', asset: { bytes: film.length, sha256 } }],
    });
  });

  it('end in a failure where what came inside the answer is no film', async () => {
    const video = { encodedVideo: Buffer.from('<html>a web page</html>').toString('base64') };
    vendor.follow(
      answering(200, { done: true, response: { generateVideoResponse: { generatedSamples: [{ video }] } } }),
    );
    const report = await ask(veo, 'models/veo/operations/op1');
    expect(report).toMatchObject({ state: 'failed', failure: { kind: 'upstream-garbled' } });
  });

  it.each([
    { name: 'a vendor that is down', script: answering(503, '{}'), kind: 'upstream-transient', attention: 'none' },
    {
      name: 'a vendor that hangs up',
      script: (response: { destroy(): void }) => void response.destroy(),
      kind: 'upstream-transient',
      attention: 'none',
    },
    {
      name: 'a key that was refused',
      script: answering(401, { error: { code: 'invalid_api_key' } }),
      kind: 'upstream-credential',
      attention: 'operator',
    },
    {
      name: 'a render that is gone',
      script: answering(404, { error: { message: 'gone' } }),
      kind: 'upstream-model-gone',
      attention: 'operator',
    },
    {
      name: 'a word nobody knows',
      script: answering(200, { id: 'v', status: 'exploded' }),
      kind: undefined,
      attention: 'operator',
    },
  ])('end without a verdict with $name', async ({ script, kind, attention }) => {
    vendor.follow(script);
    const report = await ask(sora, 'video_1');
    expect(report).toMatchObject({ state: 'unknown', attention });
    expect(report.state === 'unknown' && report.failure?.kind).toBe(kind);
  });

  it('are not asked of another account when its own is gone', async () => {
    expect(await ask(sora, 'video_1', 'cr-9')).toMatchObject({ state: 'unknown', attention: 'operator' });
    expect(vendor.seen).toEqual([]);
  });

  it('may be about several at once, of which the vendor names those it knows', async () => {
    const input = {
      target: seedance,
      credentialId: 'cr-1',
      renders: ['cgt-1', 'cgt-2'].map((upstreamId) => ({ upstreamId, workId: upstreamId })),
    };
    vendor.follow(answering(200, { total: 1, items: [{ id: 'cgt-1', status: 'running' }] }), answering(503, '{}'));
    expect(await at(seedance).handlers.askMany(input, context())).toEqual({
      reports: { 'cgt-1': { state: 'running', word: 'running', progress: {} } },
    });
    const { reports } = await adapter!.handlers.askMany(input, context());
    expect(Object.values(reports).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  });

  describe('whose submit was lost', () => {
    const sentAt = 1_760_000_000_000;
    const video = (id: string, seconds: string) => ({
      id,
      model: 'sora-2',
      status: 'queued',
      prompt: 'a paper boat',
      seconds,
      size: '1280x720',
      created_at: sentAt / 1_000,
    });
    const lookUp = (credentialId?: string) =>
      at(sora).handlers.lookUp(
        {
          target: sora,
          ...(credentialId !== undefined && { credentialId }),
          asked: askedFilm({
            images: [{ role: 'first-frame', source: { type: 'asset', id: 'upload/a.png', mediaType: 'image/png' } }],
          }),
          mark: 7,
          sentAt,
          arrivedBy: sentAt + 1_000,
          known: [],
        },
        context(),
      );

    it('find it under the credential that has it', async () => {
      vendor.follow(
        answering(200, { data: [], has_more: false }),
        answering(200, { data: [video('video_7', '8')], has_more: false }),
      );
      expect(await lookUp()).toEqual({ type: 'found', upstreamId: 'video_7', credentialId: 'cr-2', isCertain: false });
      expect(vendor.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer sim-one', 'Bearer sim-two']);
    });

    it('find it once where two keys are of one account', async () => {
      vendor.follow(answering(200, { data: [video('video_7', '8')], has_more: false }));
      expect(await lookUp()).toMatchObject({ type: 'found', upstreamId: 'video_7' });
    });

    it('say that there is none, or that nobody can tell', async () => {
      vendor.follow(answering(200, { data: [video('video_7', '12')], has_more: false }));
      expect(await lookUp('cr-1')).toEqual({ type: 'absent' });
      vendor.follow(answering(200, { data: [video('video_7', '8'), video('video_8', '8')], has_more: false }));
      expect(await lookUp('cr-1')).toEqual({ type: 'unclear' });
      vendor.follow(answering(401, {}));
      expect(await lookUp('cr-1')).toEqual({ type: 'unclear' });
      expect(await lookUp('cr-9')).toEqual({ type: 'unclear' });
    });

    it('are asked again later where the vendor is down', async () => {
      vendor.follow(answering(503, {}));
      await expect(lookUp('cr-1')).rejects.toMatchObject({ kind: 'unavailable' });
    });
  });

  it.each([
    { name: 'that waits', status: 200, result: 'stopped' },
    { name: 'that runs', status: 409, result: 'too-late' },
    { name: 'of a vendor that is down', status: 503, result: 'unclear' },
  ])('stop one $name: $result', async ({ status, result }) => {
    vendor.follow(answering(status, {}));
    const name = { target: seedance, credentialId: 'cr-1', upstreamId: 'cgt-1' };
    expect(await at(seedance).handlers.cancel(name, context())).toEqual({ result });
    expect(vendor.seen.map(({ method }) => method)).toEqual(['DELETE']);
  });

  it('stop none of a vendor that has no such call', async () => {
    const name = { target: sora, credentialId: 'cr-1', upstreamId: 'video_1' };
    expect(await at(sora).handlers.cancel(name, context())).toEqual({ result: 'too-late' });
    expect(vendor.seen).toEqual([]);
  });
});

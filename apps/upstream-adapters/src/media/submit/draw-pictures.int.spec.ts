import type { MediaTarget } from '@bytespike/contracts';

import { answering, startScriptedVendor, streaming, type ScriptedVendor } from '../../testing/scripted-vendor.js';
import { png } from '../testing/files.js';
import { askedPictures, createMediaAdapter, mediaTarget, type MediaAdapter } from '../testing/media-adapter.js';

const MIB = 1024 * 1024;
const b64_json = png.toString('base64');
const openai = mediaTarget({ kind: 'image', model: 'gpt-image-2', upstreamModel: 'gpt-image-2' });
const google = mediaTarget({
  kind: 'image',
  vendor: 'google',
  model: 'nano-banana',
  upstreamModel: 'gemini-2.5-flash-image',
});
const ark = mediaTarget({
  kind: 'image',
  vendor: 'bytedance',
  model: 'seedream-4',
  upstreamModel: 'doubao-seedream-4-0',
});
const geminiPicture = (data: string) => ({
  candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data } }] }, finishReason: 'STOP' }],
  usageMetadata: { totalTokenCount: 5 },
});
const event = (body: { type: string } & Record<string, unknown>): string =>
  `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;
const partial = event({ type: 'image_generation.partial_image', b64_json, partial_image_index: 0 });
const completed = event({ type: 'image_generation.completed', b64_json, usage: { total_tokens: 9 } });

describe('pictures that are asked for', () => {
  let vendor: ScriptedVendor;
  let adapter: MediaAdapter | undefined;
  beforeEach(async () => {
    vendor = await startScriptedVendor();
  });
  afterEach(async () => {
    await adapter?.stop();
    await vendor.stop();
  });
  const drawing = (target: MediaTarget): MediaAdapter => (adapter = createMediaAdapter(vendor.address, target));
  const kept = async (name: string): Promise<string | undefined> => {
    const opened = await adapter?.store.open(name);
    return opened && Buffer.concat(await opened.body.toArray()).toString('base64');
  };

  it('lie in the store when they are told of, and the outcome names them', async () => {
    vendor.follow(answering(200, { data: [{ b64_json }, { b64_json }], usage: { total_tokens: 9 } }));
    const { outcome, news } = await drawing(openai).submit(askedPictures({ n: 2 }));
    const { submitted } = outcome;
    expect(submitted).toMatchObject({
      type: 'finished',
      report: { state: 'succeeded', rendered: { images: 2, tokens: 9 } },
    });
    expect(news.map(({ type, index, asset }) => [type, index, asset.contentType, asset.bytes])).toEqual([
      ['completed', 0, 'image/png', png.length],
      ['completed', 1, 'image/png', png.length],
    ]);
    expect(await kept(news[1]!.asset.name)).toBe(b64_json);
    expect(news[0]!.asset.name).toMatch(/^img\/\d{4}-\d\d-\d\d\/work-1-0\.png$/);
  });

  it('are as many as came, where some failed', async () => {
    vendor.follow(
      answering(200, {
        data: [{ b64_json }, { error: { code: 'InternalServiceError', message: 'no' } }, { b64_json: 'bm90aGluZw==' }],
      }),
    );
    const { outcome, news } = await drawing(ark).submit(askedPictures({ n: 3, format: 'jpeg' }));
    expect(outcome.submitted).toMatchObject({
      type: 'finished',
      report: { state: 'succeeded', rendered: { images: 1 } },
    });
    expect(news).toHaveLength(1);
  });

  it.each([
    ['in one answer', answering(200, { data: [{ b64_json }, { b64_json }, { b64_json }] })],
    ['in a stream', streaming([completed, completed, partial, completed])],
  ])('are no more than were asked for: %s', async (_name, script) => {
    vendor.follow(script);
    const { outcome, news } = await drawing(openai).submit(askedPictures({ partials: 1 }));
    expect(outcome.submitted).toMatchObject({ report: { state: 'succeeded', rendered: { images: 1 } } });
    expect(news).toHaveLength(1);
  });

  it('are told with the words they were drawn from, where their vendor wrote its own', async () => {
    const unreadable = { b64_json: 'bm90aGluZw==', revised_prompt: 'of what did not come' };
    vendor.follow(answering(200, { data: [unreadable, { b64_json }, { b64_json, revised_prompt: 'a folded boat' }] }));
    const { outcome, news } = await drawing(openai).submit(askedPictures({ n: 3 }));
    expect(outcome.submitted).toMatchObject({
      type: 'finished',
      report: { state: 'succeeded', rendered: { images: 2 } },
      revisedPrompts: { [news[1]!.asset.name]: 'a folded boat' },
    });
    expect(JSON.stringify(outcome)).not.toContain('of what did not come');
  });

  it('are none where nothing that came is a picture', async () => {
    vendor.follow(answering(200, { data: [{ b64_json: Buffer.from('a web page').toString('base64') }] }));
    const { outcome, news } = await drawing(openai).submit(askedPictures());
    expect(outcome.submitted).toMatchObject({
      type: 'finished',
      report: { state: 'failed', failure: { kind: 'upstream-garbled' } },
    });
    expect([news, vendor.seen.length]).toEqual([[], 1]);
  });

  it('are copied from their addresses at once, without a credential', async () => {
    vendor.follow(
      answering(200, { data: [{ url: `${vendor.address}/tos/1` }, { url: `${vendor.address}/tos/2` }] }),
      (response) => void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(png),
      (response) => void response.destroy(),
      (response) => void response.writeHead(200).end(png),
    );
    const { outcome } = await drawing(ark).submit(askedPictures({ n: 2, format: 'jpeg' }));
    expect(outcome.submitted).toMatchObject({ report: { state: 'succeeded', rendered: { images: 2 } } });
    const fetched = vendor.seen.slice(1);
    expect(fetched.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, undefined]);
    expect(outcome.attempts).toHaveLength(1);
  });

  it('are not asked for where those that are drawn may fill the memory, until there is room again', async () => {
    adapter = createMediaAdapter(vendor.address, openai, { pictureBytesMax: 4 * MIB });
    const drawn = answering(200, { data: [{ b64_json }] });
    let draw: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      vendor.follow((...call) => {
        draw = () => void drawn(...call);
        resolve();
      }, drawn);
    });
    const first = adapter.submit(askedPictures({ n: 4 }));
    await asked;

    const { outcome } = await adapter.submit(askedPictures(), { workId: 'work-2' });
    expect(outcome).toMatchObject({ submitted: { type: 'refused', failure: { kind: 'unavailable' } }, attempts: [] });
    expect(vendor.seen).toHaveLength(1);

    draw();
    expect((await first).outcome.submitted.type).toBe('finished');
    const again = await adapter.submit(askedPictures(), { workId: 'work-2' });
    expect(again.outcome.submitted.type).toBe('finished');
  });

  it('take several creates where the vendor draws one in each, and keep what succeeded', async () => {
    vendor.follow(
      answering(200, geminiPicture(b64_json)),
      answering(200, { candidates: [{ finishReason: 'IMAGE_SAFETY' }] }),
    );
    const { outcome, news } = await drawing(google).submit(askedPictures({ n: 2 }));
    expect(outcome.submitted).toMatchObject({
      type: 'finished',
      report: { state: 'succeeded', rendered: { images: 1, tokens: 5 } },
    });
    expect(outcome.attempts.map(({ kind }) => kind).sort()).toEqual(['upstream-blocked', undefined]);
    expect(news).toHaveLength(1);
    expect(vendor.seen[0]?.headers['x-goog-api-key']).toBe('sim-one');
  });

  it('are asked for once more where the vendor says that it failed, and never where it says nothing', async () => {
    vendor.follow(
      answering(500, { error: { message: 'oops', code: 'server_error' } }),
      answering(200, { data: [{ b64_json }] }),
    );
    const again = await drawing(openai).submit(askedPictures());
    expect([again.outcome.submitted.type, again.outcome.attempts.length]).toEqual(['finished', 2]);
    vendor.follow((response) => void response.destroy());
    const silent = await drawing(openai).submit(askedPictures());
    expect([silent.outcome.submitted.type, silent.outcome.attempts.length]).toEqual(['unclear', 1]);
  });

  it('are told of half-done, one by one, before they are finished', async () => {
    // The last record lacks the blank line that ends it.
    vendor.follow(streaming([partial.slice(0, 50), partial.slice(50), partial, completed.trimEnd()]));
    const { outcome, news } = await drawing(openai).submit(askedPictures({ partials: 2 }));
    expect(news.map(({ type, index }) => [type, index])).toEqual([
      ['partial', 0],
      ['partial', 0],
      ['completed', 0],
    ]);
    expect(new Set(news.map(({ asset }) => asset.name)).size).toBe(3);
    expect(outcome.submitted).toMatchObject({
      type: 'finished',
      report: { state: 'succeeded', rendered: { images: 1, tokens: 9 } },
    });
  });

  it.each([
    {
      name: 'fails',
      pieces: [partial, event({ type: 'error', error: { code: 'moderation_blocked', message: 'no' } })],
      end: 'end',
      type: 'finished',
      kind: 'upstream-blocked',
    },
    { name: 'brings nothing', pieces: [': hello\n\n'], end: 'end', type: 'finished', kind: 'upstream-garbled' },
    { name: 'breaks off before the first', pieces: [partial], end: 'cut', type: 'unclear', kind: 'upstream-transient' },
  ] as const)('are none where their stream $name', async ({ pieces, end, type, kind }) => {
    vendor.follow(streaming(pieces, end));
    const { outcome } = await drawing(openai).submit(askedPictures({ partials: 1 }));
    const { submitted } = outcome;
    const failure =
      submitted.type === 'finished' && submitted.report.state === 'failed'
        ? submitted.report.failure
        : submitted.type === 'unclear' && submitted.failure;
    expect([submitted.type, failure && failure.kind, vendor.seen.length]).toEqual([type, kind, 1]);
  });

  it('that came before a stream broke off have come', async () => {
    vendor.follow(streaming([completed, partial], 'cut'));
    const { outcome } = await drawing(openai).submit(askedPictures({ n: 2, partials: 1 }));
    expect(outcome.submitted).toMatchObject({
      type: 'finished',
      report: { state: 'succeeded', rendered: { images: 1 } },
    });
  });
});

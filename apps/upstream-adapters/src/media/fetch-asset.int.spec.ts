import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import type { MadeAsset } from '@bytespike/contracts';

import { answering, startScriptedVendor, type ScriptedVendor } from '../testing/scripted-vendor.js';
import { mp4, png } from './testing/files.js';
import { context, createMediaAdapter, mediaTarget, type MediaAdapter } from './testing/media-adapter.js';

const target = mediaTarget();
const atVendor: MadeAsset = {
  from: 'vendor',
  path: '/v1/videos/video_1/content?variant=video',
  mediaType: 'video/mp4',
};
const film = (response: ServerResponse): void =>
  void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(mp4);

describe('what was made', () => {
  let vendor: ScriptedVendor;
  let adapter: MediaAdapter;
  beforeEach(async () => {
    vendor = await startScriptedVendor();
    adapter = createMediaAdapter(vendor.address, target);
  });
  afterEach(async () => {
    await adapter.stop();
    await vendor.stop();
  });
  const fetch = (asset: MadeAsset, credentialId = 'cr-1', signal?: AbortSignal) =>
    adapter.handlers.fetch(
      { input: { workId: 'task_1', target, credentialId, asset, index: 0 } },
      { head: () => undefined, data: () => undefined },
      context(signal),
    );
  const atAddress = (path: string): MadeAsset => ({
    from: 'address',
    url: vendor.address + path,
    mediaType: 'video/mp4',
  });
  const names = async () => (await adapter.store.list({ before: new Date(Date.now() + 1_000), limit: 9 })).names;

  it('is copied from its vendor with the credential, and is what its bytes say', async () => {
    vendor.follow(film);
    const fetched = await fetch(atVendor);
    const [name] = await names();
    const sha256 = createHash('sha256').update(mp4).digest('hex');
    expect(fetched).toEqual({ type: 'kept', asset: { name, contentType: 'video/mp4', bytes: mp4.length, sha256 } });
    expect(name).toMatch(/^vid\/\d{4}-\d\d-\d\d\/task_1-0\.mp4$/);
    expect(vendor.seen[0]?.headers.authorization).toBe('Bearer sim-one');
    await fetch(atVendor);
    expect(await names()).toEqual([name]);
  });

  it('is followed to where the vendor leads, without the credential', async () => {
    vendor.follow((response) => void response.writeHead(302, { location: '/elsewhere' }).end(), film);
    expect(await fetch(atVendor)).toMatchObject({ type: 'kept' });
    expect(vendor.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/v1/videos/video_1/content?variant=video', 'Bearer sim-one'],
      ['/elsewhere', undefined],
    ]);
  });

  it('is fetched from an address without a credential, and needs none', async () => {
    vendor.follow(film);
    expect(await fetch(atAddress('/tos/1'), 'cr-9')).toMatchObject({ type: 'kept' });
    expect(vendor.seen[0]?.headers.authorization).toBeUndefined();
    expect(await fetch(atVendor, 'cr-9')).toMatchObject({
      type: 'failed',
      isGone: false,
      failure: { kind: 'upstream-credential' },
    });
  });

  it('that is not there yet is asked for once more', async () => {
    vendor.follow(answering(404, {}), film);
    expect(await fetch(atVendor)).toMatchObject({ type: 'kept' });
  });

  it('in the store already is answered as it is', async () => {
    const asset = { name: 'vid/a.mp4', contentType: 'video/mp4', bytes: 1, sha256: 'aa' };
    expect(await fetch({ from: 'store', asset })).toEqual({ type: 'kept', asset });
    expect(vendor.seen).toEqual([]);
  });

  it.each([
    { name: 'a film that its vendor has dropped', asset: atVendor, script: answering(404, {}), isGone: true },
    { name: 'a vendor that is down', asset: atVendor, script: answering(503, {}), isGone: false },
    { name: 'an address that has died', asset: undefined, script: answering(403, '<Error/>'), isGone: true },
    {
      name: 'an address that answers nothing',
      asset: undefined,
      script: (response: { destroy(): void }) => void response.destroy(),
      isGone: false,
    },
    { name: 'a film that breaks off', asset: atVendor, script: brokenOff, isGone: false },
    { name: 'a film that breaks off at an address', asset: undefined, script: brokenOff, isGone: false },
    { name: 'a web page', asset: atVendor, script: answering(200, '<html>'), isGone: false },
    {
      name: 'a picture',
      asset: undefined,
      script: (response: ServerResponse) => void response.end(png),
      isGone: false,
    },
    { name: 'more than a film can be', asset: undefined, script: tooLong, isGone: false },
  ])('is not kept: $name', async ({ asset = atAddress('/tos/1'), script, isGone }) => {
    vendor.follow(script);
    expect(await fetch(asset)).toMatchObject({
      type: 'failed',
      isGone,
      failure: { kind: expect.stringMatching(/^upstream-/) },
    });
    expect(await names()).toEqual([]);
  });

  it('is let go of when nobody waits for it', async () => {
    const leaving = new AbortController();
    vendor.follow((response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write(mp4);
      response.once('close', () => undefined);
      leaving.abort();
    });
    expect(await fetch(atVendor, 'cr-1', leaving.signal)).toMatchObject({
      type: 'failed',
      failure: { kind: 'cancelled' },
    });
    await vendor.closed();
    expect(await names()).toEqual([]);
  });

  function brokenOff(response: ServerResponse): void {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write(mp4, () => response.destroy());
  }

  function tooLong(response: ServerResponse): void {
    response.writeHead(200, { 'content-length': 2 ** 40 }).write(mp4);
  }
});

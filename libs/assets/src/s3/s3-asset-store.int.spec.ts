import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PutObjectCommand } from '@aws-sdk/client-s3';

import { retireAssets, S3AssetStore, type NewAsset } from '../index.js';
import { describeAssetStore, startS3Server, type S3Server } from '../testing/index.js';
import { createS3Client, type S3Account } from './create-s3-client.js';

const MIB = 1024 * 1024;

let server: S3Server;
let spoolFolder: string;
let at: number;
const opened: S3AssetStore[] = [];

beforeEach(async () => {
  at = Date.parse('2026-11-20T12:00:00.000Z');
  server = await startS3Server(() => new Date(at));
  spoolFolder = await mkdtemp(join(tmpdir(), 'bytespike-spool-'));
});

afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  await server.close();
  await rm(spoolFolder, { recursive: true, force: true });
});

async function open(account: S3Account = server.account, bucket = server.bucket): Promise<S3AssetStore> {
  const store = await S3AssetStore.create({ account, bucket, spoolFolder, now: () => new Date(at) });
  opened.push(store);
  return store;
}

describeAssetStore('S3', async () => ({
  store: await open(),
  advance: (ms) => void (at += ms),
  leftovers: async () => server.openUploads() + (await readdir(spoolFolder)).length,
}));

async function* zeros(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= MIB) yield Buffer.alloc(Math.min(left, MIB));
}

const film = (bytes: number): NewAsset => ({
  name: 'vid/2026-11-20/film.mp4',
  contentType: 'video/mp4',
  body: zeros(bytes),
  bytesMax: 100 * MIB,
});

describe('S3AssetStore', () => {
  it('makes its folder, and clears it of what a process left that died, and not of what another is sending', async () => {
    spoolFolder = join(spoolFolder, 'not', 'there', 'yet');
    expect(await (await open()).put(film(MIB))).toMatchObject({ bytes: MIB });
    for (const name of ['dead', 'alive']) await writeFile(join(spoolFolder, name), 'half');
    const twoDaysAgo = new Date(at - 48 * 3_600_000);
    await utimes(join(spoolFolder, 'dead'), twoDaysAgo, twoDaysAgo);
    await utimes(join(spoolFolder, 'alive'), new Date(at), new Date(at));
    await open();
    expect(await readdir(spoolFolder)).toEqual(['alive']);
  });

  it('sends in parts what is large, and at once what is small', async () => {
    const store = await open();
    await store.put(film(20 * MIB));
    expect(server.calls.filter((call) => call.includes('partNumber'))).toHaveLength(4);
    const { calls } = server;
    const before = calls.length;
    await store.put(film(MIB));
    expect(calls.slice(before)).toEqual(['PUT x-id=PutObject']);
  });

  it('asks the bucket nothing for a body that is too large', async () => {
    await expect((await open()).put({ ...film(20 * MIB), bytesMax: 10 * MIB })).rejects.toMatchObject({
      kind: 'too-large',
    });
    expect(server.calls).toEqual([]);
  });

  it('sends a part again that the bucket did not take', async () => {
    server.failNext(/^PUT .*partNumber=2/, 503, 1);
    expect(await (await open()).put(film(20 * MIB))).toMatchObject({ bytes: 20 * MIB });
    expect(server.objects.get('vid/2026-11-20/film.mp4')?.bytes).toBe(20 * MIB);
  });

  it('leaves no parts in the bucket when it gives up', async () => {
    server.failNext(/^PUT .*partNumber=2/, 503, 100);
    await expect((await open()).put(film(20 * MIB))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(server.openUploads()).toBe(0);
    expect(server.objects.size).toBe(0);
  });

  it('retires past what no asset is called, and leaves it', async () => {
    const store = await open();
    await store.put(film(MIB));
    const theirs = createS3Client(server.account);
    await theirs.send(new PutObjectCommand({ Bucket: server.bucket, Key: 'vid/', Body: 'theirs' }));
    theirs.destroy();
    const listing = { before: new Date(at + 1), limit: 10 };
    const { deleted, unreadable } = await retireAssets(store, listing, new AbortController().signal);
    expect([deleted, unreadable.map(({ name }) => name)]).toEqual([1, ['vid/']]);
    expect([...server.objects.keys()]).toEqual(['vid/']);
  });

  it.each([
    { what: 'the bucket does not answer', store: () => open({ ...server.account, endpoint: 'http://127.0.0.1:1' }) },
    { what: 'the secret is wrong', store: () => open({ ...server.account, secretAccessKey: 'another' }) },
    { what: 'there is no such bucket', store: () => open(server.account, 'elsewhere') },
  ])('is unavailable where $what', async ({ store }) => {
    const it_ = await store();
    const name = 'vid/2026-11-20/film.mp4';
    await expect(it_.put(film(MIB))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(it_.open(name)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(it_.list({ before: new Date(at), limit: 10 })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(it_.delete(name)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { assetUrls, linkToAsset, signAssetUrl, type OpenedAsset } from '@bytespike/assets';
import { MemoryAssetStore } from '@bytespike/assets/testing';

import { open } from '../testing/http-client.js';
import { runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { PEPPER } from '../testing/samples.js';
import { until } from '../testing/steps.js';

const NAME = 'vid/2026-11-20/01KAFILM.mp4';
const FILM = Buffer.from(Uint32Array.from({ length: 256 * 1024 }, (_, at) => Math.imul(at + 1, 2_654_435_761)).buffer);

const urls = assetUrls({ PUBLIC_URL: 'https://gateway.test', KEY_PEPPER: PEPPER });

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The address of a link, as a client asks for it. */
const pathOf = (link: string): string => {
  const { pathname, search } = new URL(link);
  return pathname + search;
};
const path = pathOf(linkToAsset(urls, NAME, new Date()));

let ingress: IngressUnderTest;

beforeAll(async () => {
  ingress = await runIngress();
  await ingress.assets.put({ name: NAME, contentType: 'video/mp4', body: once(FILM), bytesMax: FILM.length });
});
afterAll(() => ingress.stop());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('gives an asset to whoever has its link, without a key', async () => {
  const reply = await ingress.send({ path });
  expect([reply.status, reply.whole, sha256(reply.body)]).toEqual([200, true, sha256(FILM)]);
  expect(reply.headers).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': String(FILM.length),
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    etag: `"${sha256(FILM)}"`,
    'request-id': expect.stringMatching(/./),
  });
});

it('gives the part that is asked for', async () => {
  const reply = await ingress.send({ path, headers: { range: 'bytes=1000-1999' } });
  expect([reply.status, reply.headers['content-range']]).toEqual([206, `bytes 1000-1999/${FILM.length}`]);
  expect(sha256(reply.body)).toBe(sha256(FILM.subarray(1_000, 2_000)));
});

it('gives all of it when the part is of something that is not there any more', async () => {
  const reply = await ingress.send({ path, headers: { range: 'bytes=0-9', 'if-range': '"other"' } });
  expect([reply.status, reply.body.length]).toEqual([200, FILM.length]);
});

it('says that there is nothing behind the end', async () => {
  const reply = await ingress.send({ path, headers: { range: `bytes=${FILM.length}-` } });
  expect([reply.status, reply.headers['content-range'], reply.body.length]).toEqual([416, `bytes */${FILM.length}`, 0]);
});

it('answers HEAD with what GET would say', async () => {
  const reply = await ingress.send({ method: 'HEAD', path });
  expect([reply.status, reply.headers['content-length'], reply.body.length]).toEqual([200, String(FILM.length), 0]);
});

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('says to %s what may be asked of its address', async (method) => {
  const reply = await ingress.send({ method, path });
  expect([reply.status, reply.headers['allow'], reply.json()]).toMatchObject([
    405,
    'GET, HEAD',
    { error: { code: 'method_not_allowed' } },
  ]);
});

it('finds an asset under the address of a proxy that puts a folder before ours', async () => {
  const behind = await runIngress({}, { publicUrl: 'https://cdn.test/media/', assets: ingress.assets });
  const link = linkToAsset(assetUrls({ PUBLIC_URL: 'https://cdn.test/media/', KEY_PEPPER: PEPPER }), NAME, new Date());
  expect(link).toContain('https://cdn.test/media/v1/assets/');
  const reply = await behind.send({ path: pathOf(link).replace('/media', ''), headers: { range: 'bytes=0-0' } });
  expect(reply.status).toBe(206);
  await behind.stop();
});

describe('refuses in the shape of other refusals', () => {
  const expired = signAssetUrl(urls, { name: NAME, expiresAt: new Date(Date.now() - 1_000) });
  const nothing = linkToAsset(urls, 'vid/2026-11-20/01KANONE.mp4', new Date());

  it.each([
    {
      what: 'a link without a signature',
      asked: path.replace(/&signature=.*/, ''),
      status: 403,
      code: 'permission_denied',
    },
    {
      what: 'the link of another asset',
      asked: path.replace('01KAFILM', '01KAOTHER'),
      status: 403,
      code: 'permission_denied',
    },
    { what: 'a link that has expired', asked: pathOf(expired), status: 410, code: 'gone' },
    { what: 'a link to what was removed', asked: pathOf(nothing), status: 404, code: 'not_found' },
  ])('$what', async ({ asked, status, code }) => {
    const reply = await ingress.send({ path: asked });
    expect([reply.status, (reply.json().error as { code: string }).code]).toEqual([status, code]);
  });
});

/** A store of films that never end, and what it has opened. */
class EndlessFilms extends MemoryAssetStore {
  readonly opened: Readable[] = [];

  override async open(name: string): Promise<OpenedAsset> {
    const body = new Readable({ read: () => void body.push(Buffer.alloc(64 * 1024)) });
    this.opened.push(body);
    const bytes = 2 ** 40;
    return { asset: { name, bytes, sha256: '', contentType: 'video/mp4', storedAt: new Date() }, body };
  }
}

it('lets go of the store when its client leaves', async () => {
  const assets = new EndlessFilms(() => new Date());
  await assets.put({ name: NAME, contentType: 'video/mp4', body: once(FILM), bytesMax: FILM.length });
  const endless = await runIngress({}, { assets });
  const controller = new AbortController();
  const response = await open(endless.address, { path, signal: controller.signal });
  response.on('error', () => undefined);
  expect(assets.opened.map(({ destroyed }) => destroyed)).toEqual([false]);
  controller.abort();
  await until(() => assets.opened.every(({ destroyed }) => destroyed));
  await endless.stop();
});

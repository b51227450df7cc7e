import { buffer } from 'node:stream/consumers';

import { MemoryAssetStore } from '../testing/memory-asset-store.js';
import { answerAsset, type AssetRequest } from './answer-asset.js';

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function keep(
  contentType: string,
  text = '0123456789',
): Promise<(more: Partial<AssetRequest>) => ReturnType<typeof answerAsset>> {
  const store = new MemoryAssetStore(() => new Date('2026-11-20T12:00:00Z'));
  await store.put({ name: 'img/2026-11-20/one.png', contentType, body: once(text), bytesMax: 100 });
  return (more) => answerAsset(store, { name: 'img/2026-11-20/one.png', method: 'GET', ...more });
}

const SHA256 = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882';

describe('answerAsset', () => {
  it('answers with all of it, in headers that let a browser show it and nothing else', async () => {
    const { status, headers, body } = await (await keep('image/png'))({});
    expect([status, (await buffer(body!)).toString()]).toEqual([200, '0123456789']);
    expect(headers).toEqual({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-disposition': 'inline; filename="one.png"',
      'content-length': '10',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-type': 'image/png',
      'cross-origin-resource-policy': 'cross-origin',
      etag: `"${SHA256}"`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    { kept: 'image/svg+xml', served: 'image/svg+xml' },
    { kept: 'text/html', served: 'application/octet-stream' },
    { kept: 'application/javascript', served: 'application/octet-stream' },
    { kept: 'image/png; charset=x', served: 'image/png', shown: 'inline' },
    { kept: 'Image/PNG', served: 'image/png', shown: 'inline' },
    { kept: '', served: 'application/octet-stream' },
  ])('serves $kept as $served', async ({ kept, served, shown = 'attachment' }) => {
    const { headers } = await (await keep(kept))({});
    expect(headers).toMatchObject({
      'content-type': served,
      'content-disposition': `${shown}; filename="one.png"`,
    });
  });

  it.each([
    { what: 'a range', ask: { range: 'bytes=2-4' }, status: 206, length: '3', range: 'bytes 2-4/10', text: '234' },
    { what: 'the end', ask: { range: 'bytes=-2' }, status: 206, length: '2', range: 'bytes 8-9/10', text: '89' },
    {
      what: 'a range of this very asset',
      ask: { range: 'bytes=0-0', ifRange: `"${SHA256}"` },
      status: 206,
      length: '1',
      range: 'bytes 0-0/10',
      text: '0',
    },
    {
      what: 'a range of what was here before',
      ask: { range: 'bytes=0-0', ifRange: '"another"' },
      status: 200,
      length: '10',
      text: '0123456789',
    },
  ])('answers for $what', async ({ ask, status, length, range, text }) => {
    const answer = await (await keep('video/mp4'))(ask);
    expect([answer.status, answer.headers['content-length'], answer.headers['content-range']]).toEqual([
      status,
      length,
      range,
    ]);
    expect((await buffer(answer.body!)).toString()).toBe(text);
  });

  it('says how long it is when asked for what lies behind its end', async () => {
    const answer = await (await keep('video/mp4'))({ range: 'bytes=10-' });
    expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' }, body: undefined });
  });

  it('answers HEAD with the headers of the whole', async () => {
    const answer = await (await keep('video/mp4'))({ method: 'HEAD', range: 'bytes=1-2' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '10' }, body: undefined });
  });

  it('finds nothing under another name', async () => {
    await expect((await keep('video/mp4'))({ name: 'img/none.png' })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Busboy } from '@fastify/busboy';
import { PUBLIC_ADDRESS_RULES } from '@bytespike/safe-fetch';

import {
  answering,
  startScriptedVendor,
  type ScriptedVendor,
  type SeenRequest,
} from '../../testing/scripted-vendor.js';
import { mp4, png } from '../testing/files.js';
import {
  askedFilm,
  askedPictures,
  createMediaAdapter,
  mediaTarget,
  type MediaAdapter,
} from '../testing/media-adapter.js';

const gptImage = mediaTarget({ kind: 'image', model: 'gpt-image-2', upstreamModel: 'gpt-image-2' });
const veo = mediaTarget({ vendor: 'google', model: 'veo-3.1', upstreamModel: 'veo-3.1-generate-preview' });
const drawn = answering(200, { data: [{ b64_json: png.toString('base64') }] });
const upload = 'upload/2026-11-20/one.png';

/** A form as its receiver reads it. */
async function formOf({ headers, bytes }: SeenRequest): Promise<readonly (readonly [string, string, string])[]> {
  const parts: (readonly [string, string, string])[] = [];
  const form = new Busboy({ headers: headers as { 'content-type': string } });
  form.on('field', (name, value) => parts.push([name, '', value]));
  form.on('file', (name, body, filename, _encoding, type) => {
    const chunks: Buffer[] = [];
    body.on('data', (chunk: Buffer) => chunks.push(chunk));
    body.on('end', () => parts.push([name, `${filename} ${type}`, Buffer.concat(chunks).toString('base64')]));
  });
  await new Promise((resolve, reject) => form.once('finish', resolve).once('error', reject).end(bytes));
  return parts;
}

describe('pictures that go along with a request', () => {
  let vendor: ScriptedVendor;
  let customer: Server;
  let address: string;
  let file: Buffer;
  let adapter: MediaAdapter;
  beforeEach(async () => {
    vendor = await startScriptedVendor();
    file = png;
    customer = createServer((_request, response) => response.writeHead(200).end(file));
    await new Promise<void>((resolve) => customer.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(customer.address() as AddressInfo).port}/boat.png`;
  });
  afterEach(async () => {
    await adapter.stop();
    await vendor.stop();
    customer.closeAllConnections();
    customer.close();
  });
  const keepUpload = (bytes: Buffer) =>
    adapter.store.put({ name: upload, contentType: 'image/png', bytesMax: bytes.length, body: asBody(bytes) });
  const leftOver = async () => (await adapter.store.list({ before: new Date(Date.now() + 1_000), limit: 9 })).names;

  it.each([0, 1, 2])('are the very bytes inside JSON, in pieces of any length (%d)', async (more) => {
    adapter = createMediaAdapter(vendor.address, veo);
    const bytes = Buffer.concat([png, Buffer.alloc(200_000 + more, 'x')]);
    await keepUpload(bytes);
    vendor.follow(answering(200, { name: 'models/veo/operations/op1' }));
    const source = { type: 'asset', id: upload, mediaType: 'image/png' } as const;
    const { outcome } = await adapter.submit(
      askedFilm({
        images: [
          { role: 'first-frame', source },
          { role: 'last-frame', source },
        ],
      }),
    );
    expect(outcome.submitted).toMatchObject({ type: 'accepted' });
    const [seen] = vendor.seen;
    const image = { bytesBase64Encoded: bytes.toString('base64'), mimeType: 'image/png' };
    expect(JSON.parse(seen!.body)).toMatchObject({ instances: [{ image, lastFrame: image }] });
    expect(Number(seen!.headers['content-length'])).toBe(seen!.bytes.length);
  });

  it('are files of a form, as long as it says', async () => {
    adapter = createMediaAdapter(vendor.address, gptImage);
    await keepUpload(png);
    vendor.follow(drawn);
    const source = { type: 'asset', id: upload, mediaType: 'image/png' } as const;
    await adapter.submit(askedPictures({ images: [source, { type: 'address', url: address }], mask: source }));
    const [seen] = vendor.seen;
    expect([seen!.url, Number(seen!.headers['content-length'])]).toEqual(['/v1/images/edits', seen!.bytes.length]);
    const parts = await formOf(seen!);
    expect(parts.filter(([, filename]) => filename !== '')).toEqual([
      ['image[]', '1.png image/png', png.toString('base64')],
      ['image[]', '2.png image/png', png.toString('base64')],
      ['mask', 'mask.png image/png', png.toString('base64')],
    ]);
    expect(parts).toContainEqual(['prompt', '', 'a paper boat']);
  });

  it('at an address are kept for the request alone', async () => {
    adapter = createMediaAdapter(vendor.address, gptImage);
    vendor.follow(answering(400, { error: { message: 'no', code: 'invalid_value' } }));
    await adapter.submit(askedPictures({ images: [{ type: 'address', url: address }] }));
    expect([vendor.seen.length, await leftOver()]).toEqual([1, []]);
  });

  it('at an address are left where they are for a vendor that fetches them', async () => {
    adapter = createMediaAdapter(vendor.address, mediaTarget());
    vendor.follow(answering(200, { id: 'video_1', status: 'queued' }));
    await adapter.submit(askedFilm({ images: [{ role: 'first-frame', source: { type: 'address', url: address } }] }));
    expect(JSON.parse(vendor.seen[0]!.body)).toMatchObject({ input_reference: { image_url: address } });
  });

  it('are judged by the guard, whoever would fetch them', async () => {
    const source = { type: 'address', url: address } as const;
    for (const target of [gptImage, mediaTarget()]) {
      adapter = createMediaAdapter(vendor.address, target, { rules: PUBLIC_ADDRESS_RULES });
      const asked =
        target.kind === 'image'
          ? askedPictures({ images: [source] })
          : askedFilm({ images: [{ role: 'first-frame', source }] });
      const { outcome } = await adapter.submit(asked);
      expect(outcome).toEqual({
        submitted: {
          type: 'refused',
          failure: { kind: 'invalid-request', message: 'the address cannot be used', param: 'images' },
        },
        attempts: [],
      });
      await adapter.stop();
    }
    expect(vendor.seen).toEqual([]);
  });

  it('must be pictures, and must be there', async () => {
    adapter = createMediaAdapter(vendor.address, gptImage);
    file = mp4;
    const film = await adapter.submit(askedPictures({ images: [{ type: 'address', url: address }] }));
    expect(film.outcome.submitted).toMatchObject({ type: 'refused', failure: { kind: 'invalid-request' } });
    const lost = await adapter.submit(
      askedPictures({ images: [{ type: 'asset', id: upload, mediaType: 'image/png' }] }),
    );
    expect(lost.outcome.submitted).toMatchObject({ type: 'refused', failure: { kind: 'gone' } });
    expect([vendor.seen, await leftOver()]).toEqual([[], []]);
  });

  it('that a vendor will not wait for are not sent again by halves', async () => {
    adapter = createMediaAdapter(vendor.address, gptImage);
    await keepUpload(Buffer.concat([png, Buffer.alloc(8 * 1024 * 1024)]));
    const server = createServer((request, response) => {
      request.once('data', () =>
        response.writeHead(413, { 'content-type': 'application/json' }).end('{"error":{"message":"too large"}}'),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const there = createMediaAdapter(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, gptImage);
    await there.store.put({
      name: upload,
      contentType: 'image/png',
      bytesMax: 2 ** 24,
      body: asBody(Buffer.concat([png, Buffer.alloc(8 * 1024 * 1024)])),
    });
    const { outcome } = await there.submit(
      askedPictures({ images: [{ type: 'asset', id: upload, mediaType: 'image/png' }] }),
    );
    await there.stop();
    server.closeAllConnections();
    server.close();
    expect(outcome.submitted).toMatchObject({ type: 'refused' });
    expect(outcome.attempts).toHaveLength(1);
  });
});

async function* asBody(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_001) yield bytes.subarray(at, at + 10_001);
}

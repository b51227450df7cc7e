import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

import { openSocket, readSocket } from '../testing/http-client.js';
import { ASKING, runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { API_KEY } from '../testing/samples.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

const MIB = 1024 * 1024;
const BODY = Buffer.from(`{"model":"model-one","messages":[{"role":"user","content":"größe ${'x'.repeat(2_000)}"}]}`);

const sendEncoded = (encoding: string, body: Uint8Array) =>
  ingress.send({ ...ASKING.chat, headers: { ...ASKING.chat.headers, 'content-encoding': encoding }, body });

describe('a body', () => {
  it.each([
    { encoding: 'gzip', bytes: gzipSync(BODY) },
    { encoding: 'X-GZIP', bytes: gzipSync(BODY) },
    { encoding: 'deflate', bytes: deflateSync(BODY) },
    { encoding: 'deflate', bytes: deflateRawSync(BODY) },
    { encoding: 'br', bytes: brotliCompressSync(BODY) },
    { encoding: 'zstd', bytes: zstdCompressSync(BODY) },
    { encoding: 'identity', bytes: BODY },
  ])('may come as $encoding, and its own bytes go on', async ({ encoding, bytes }) => {
    ingress = await runIngress();
    expect((await sendEncoded(encoding, bytes)).status).toBe(200);
    expect(BODY.equals(ingress.heard.generated[0]?.body ?? new Uint8Array())).toBe(true);
  });

  it.each([
    { name: 'an unknown encoding', encoding: 'compress', bytes: BODY, status: 400 },
    { name: 'two encodings', encoding: 'gzip, br', bytes: BODY, status: 400 },
    { name: 'damaged bytes', encoding: 'gzip', bytes: gzipSync(BODY).subarray(0, 50), status: 400 },
    {
      name: 'more than the limit once decoded',
      encoding: 'gzip',
      bytes: gzipSync(Buffer.concat([randomBytes(MIB), Buffer.alloc(33 * MIB)])),
      status: 413,
    },
    { name: 'a bomb under the limit', encoding: 'zstd', bytes: zstdCompressSync(Buffer.alloc(30 * MIB)), status: 413 },
  ])('is refused with $name', async ({ encoding, bytes, status }) => {
    ingress = await runIngress();
    const reply = await sendEncoded(encoding, bytes);
    expect(reply.status).toBe(status);
    expect(reply.headers['request-id']).toBeDefined();
    expect(ingress.heard.held).toEqual([]);
  });

  it.each([
    { name: 'in Latin-1', bytes: Buffer.from('{"model":"model-one","x":"größe"}', 'latin1') },
    { name: 'cut within a character', bytes: Buffer.from('{"model":"model-one","x":"ö').subarray(0, -1) },
    { name: 'of UTF-16 with its mark', bytes: Buffer.from('\ufeff{"model":"model-one"}', 'utf16le') },
  ])('$name is refused as such, and reaches nobody garbled', async ({ bytes }) => {
    ingress = await runIngress();
    const reply = await ingress.send({ ...ASKING.chat, body: bytes });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { message: expect.stringContaining('UTF-8') } });
    expect(ingress.heard.held).toEqual([]);
  });

  it('of the limit is taken and of one byte more is not, however it is sent', async () => {
    ingress = await runIngress();
    const start = '{"model":"model-one","x":"';
    const body = (bytes: number) => `${start}${'x'.repeat(bytes - start.length - 2)}"}`;
    expect((await ingress.send({ ...ASKING.chat, body: body(32 * MIB) })).status).toBe(200);
    const chunked = { ...ASKING.chat.headers, 'transfer-encoding': 'chunked' };
    const reply = await ingress.send({ ...ASKING.chat, headers: chunked, body: body(32 * MIB + 1) });
    expect(reply.status).toBe(413);
    expect(reply.json()).toMatchObject({ error: { code: 'request_too_large' } });
  }, 20_000);

  it('over the limit is read out, for who listens only when all is sent', async () => {
    ingress = await runIngress();
    const socket = await openSocket(ingress.address);
    const length = 33 * MIB;
    socket.write(`POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-length: ${length}\r\n\r\n`);
    const failure = await new Promise((resolve) => socket.write(Buffer.alloc(length, ' '), resolve));
    expect(failure ?? undefined).toBeUndefined();
    expect(await readSocket(socket)).toMatch(/^HTTP\/1\.1 413 .*request_too_large/s);
  });

  it('is its own request’s, where two come at once on one connection', async () => {
    ingress = await runIngress();
    const socket = await openSocket(ingress.address);
    const bodies = ['one', 'two'].map((content) =>
      JSON.stringify({ model: 'model-one', messages: [{ role: 'user', content }] }),
    );
    const requests = bodies.map(
      (body) =>
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    socket.end(requests.join(''));
    const answers = (await readSocket(socket)).toString();
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(ingress.heard.generated.map(({ body }) => String(Buffer.from(body ?? '')))).toEqual(bodies);
  });

  it('that does not come is not waited for', async () => {
    ingress = await runIngress({}, { timings: { bodyReadMs: 30 } });
    const socket = await openSocket(ingress.address);
    socket.write(`POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-length: 10\r\n\r\n{"m`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (piece) => resolve(String(piece))));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('did not arrive');
    socket.destroy();
  });

  it('that breaks off holds nothing', async () => {
    ingress = await runIngress();
    const socket = await openSocket(ingress.address);
    socket.write(`POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-length: 10\r\n\r\n{"m`);
    socket.end();
    await readSocket(socket);
    expect(ingress.heard.held).toEqual([]);
  });

  it('is refused without a model, by name', async () => {
    ingress = await runIngress();
    const reply = await ingress.send({ ...ASKING.chat, body: '{}' });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { param: 'model' } });
  });
});

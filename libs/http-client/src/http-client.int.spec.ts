import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import type { GatewayError } from '@bytespike/kernel';

import { createHttpClient, type HttpClient, type HttpRequest, type ResponseReceiver } from './index.js';

let server: Server | undefined;
let client: HttpClient | undefined;

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  server?.close();
});

async function start(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createHttpClient({
    connectTimeoutMs: 500,
    connectionsMax: 4,
    originsMax: 2,
    mayCall: (url) => url === origin,
  });
  return origin;
}

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{}'),
  signal: new AbortController().signal,
  timeouts: { firstByteMs: 2_000, stallMs: 2_000 },
  ...more,
});

function collecting(): ResponseReceiver & { text: () => string; status: () => number; headers: () => object } {
  const chunks: Uint8Array[] = [];
  let status = 0;
  let headers = {};
  return {
    head: (head) => ({ status, headers } = head),
    data: (chunk) => void chunks.push(chunk),
    text: () => Buffer.concat(chunks).toString(),
    status: () => status,
    headers: () => headers,
  };
}

const kindOf = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'served',
    (error: GatewayError) => error.kind,
  );

describe('createHttpClient', () => {
  it('pushes head and body, and keeps the connection', async () => {
    const sockets = new Set<unknown>();
    const origin = await start((incoming, outgoing) => {
      sockets.add(incoming.socket);
      outgoing.writeHead(418, { 'x-thing': 'a' }).end('hello');
    });
    for (let round = 0; round < 10; round += 1) {
      const received = collecting();
      await client!.send(request(`${origin}/path?x=1`), received);
      expect([received.status(), received.text()]).toEqual([418, 'hello']);
      expect(received.headers()).toMatchObject({ 'x-thing': 'a' });
    }
    // The pool rests a socket for one turn of the event loop, so a hurried caller uses two in turn.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('pauses while the receiver has not accepted', async () => {
    const total = 8 * 1024 * 1024;
    let written = 0;
    const origin = await start((_incoming, outgoing) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (written < total) {
          written += chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once('drain', more);
        }
        outgoing.end();
      };
      more();
    });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let received = 0;
    const done = client!.send(request(origin), {
      head: () => undefined,
      data: (chunk) => {
        received += chunk.length;
        return gate;
      },
    });
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(received).toBeLessThan(1024 * 1024);
    expect(written).toBeLessThan(total);
    release();
    await done;
    expect(received).toBe(total);
  });

  it('closes the socket at once when aborted', async () => {
    let closedAt = 0;
    const started = new AbortController();
    const origin = await start((incoming, outgoing) => {
      incoming.socket.on('close', () => (closedAt = performance.now()));
      outgoing.write('first');
    });
    const leave = new AbortController();
    const done = client!.send(request(origin, { signal: leave.signal }), {
      head: () => undefined,
      data: () => started.abort(),
    });
    await new Promise((resolve) => started.signal.addEventListener('abort', resolve));
    const leftAt = performance.now();
    leave.abort();
    expect(await kindOf(done)).toBe('cancelled');
    while (closedAt === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(closedAt - leftAt).toBeLessThan(100);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('decodes %s that nobody asked for', async (encoding, encode) => {
    const origin = await start((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-encoding': encoding }).end(encode('x'.repeat(100_000)));
    });
    const received = collecting();
    await client!.send(request(origin), received);
    expect(received.text()).toBe('x'.repeat(100_000));
    expect(received.headers()).not.toHaveProperty('content-encoding');
  });

  const failures: [string, RequestListener, string][] = [
    ['a cut body', (_in, out) => void out.write('x', () => out.destroy()), 'upstream-transient'],
    ['a reset before headers', (incoming) => void incoming.socket.destroy(), 'upstream-transient'],
    ['no answer', () => undefined, 'upstream-timeout'],
    ['a stall', (_in, out) => void out.write('x'), 'upstream-timeout'],
    ['no HTTP', (incoming) => void incoming.socket.end('nonsense\r\n\r\n'), 'upstream-garbled'],
    [
      'a foreign encoding',
      (_in, out) => void out.writeHead(200, { 'content-encoding': 'lz' }).end(),
      'upstream-garbled',
    ],
    [
      'broken gzip',
      (_in, out) => void out.writeHead(200, { 'content-encoding': 'gzip' }).end('zzz'),
      'upstream-garbled',
    ],
  ];
  it.each(failures)('calls %s what it is', async (_name, listener, kind) => {
    const origin = await start(listener);
    const timeouts = { firstByteMs: 150, stallMs: 150 };
    expect(await kindOf(client!.send(request(origin, { timeouts }), collecting()))).toBe(kind);
  });

  it('does not follow redirects', async () => {
    const origin = await start((_in, out) => void out.writeHead(302, { location: '/elsewhere' }).end());
    const received = collecting();
    await client!.send(request(origin), received);
    expect(received.status()).toBe(302);
  });

  it('refuses an address nobody configured', async () => {
    await start(() => undefined);
    await expect(client!.send(request('http://127.0.0.1:9/'), collecting())).rejects.toThrow('nobody configured');
  });
});

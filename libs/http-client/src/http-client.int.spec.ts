import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { GatewayError } from '@bytespike/kernel';

import {
  createHttpClient,
  type AbortableRequest,
  type HttpClient,
  type HttpRequest,
  type ResponseReceiver,
} from './index.js';

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
    connectTimeoutMs: 10_000,
    connectionsMax: 4,
    originsMax: 2,
    mayCall: (url) => url === origin,
  });
  return origin;
}

/** Longer than any test may take: a wait that only the thing under test may end. */
const ENDLESS = { firstByteMs: 600_000, stallMs: 600_000 };

/** Something a test waits for, and what says that it has come. */
function signpost() {
  let pass: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (pass = resolve));
  return { passed, pass };
}

const request = (url: string, more: Partial<AbortableRequest> = {}): AbortableRequest => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{}'),
  signal: new AbortController().signal,
  timeouts: ENDLESS,
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
    const total = 32 * 1024 * 1024;
    const written = { held: 0, other: 0 };
    const origin = await start((incoming, outgoing) => {
      const who = incoming.url === '/held' ? 'held' : 'other';
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (written[who] < total) {
          written[who] += chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once('drain', more);
        }
        outgoing.end();
      };
      more();
    });
    const [begun, gate] = [signpost(), signpost()];
    let received = 0;
    const held = client!.send(request(`${origin}/held`), {
      head: () => undefined,
      data: (chunk) => {
        received += chunk.length;
        begun.pass();
        return gate.passed;
      },
    });
    await begun.passed;
    // An answer as long, asked for later, overtakes it: whatever could still come to the held one has had its time.
    const other = collecting();
    await client!.send(request(`${origin}/other`), other);
    expect(other.text()).toHaveLength(total);
    expect(received).toBeLessThan(1024 * 1024);
    expect(written.held).toBeLessThan(total);
    gate.pass();
    await held;
    expect(received).toBe(total);
  });

  it('lets others have their turn beside an answer that comes without a pause', async () => {
    const total = 16 * 1024 * 1024;
    const origin = await start((_incoming, outgoing) => void outgoing.end(Buffer.alloc(total)));
    const perTurn = [0];
    let under = true;
    const count = (): void => {
      perTurn.push(0);
      if (under) setImmediate(count);
    };
    count();
    await client!.send(request(origin), {
      head: () => undefined,
      data: (chunk) => {
        perTurn[perTurn.length - 1]! += chunk.length;
      },
    });
    under = false;
    expect(perTurn.reduce((sum, bytes) => sum + bytes)).toBe(total);
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(256 * 1024);
  });

  it('closes the socket of an answer that has no end when aborted', async () => {
    const [closed, begun] = [signpost(), signpost()];
    const origin = await start((incoming, outgoing) => {
      incoming.socket.on('close', closed.pass);
      outgoing.write('first');
    });
    const leave = new AbortController();
    // No other limit ends within the time of a test, so nothing but the abort can close it.
    const done = client!.send(request(origin, { signal: leave.signal }), {
      head: () => undefined,
      data: begun.pass,
    });
    await begun.passed;
    leave.abort();
    expect(await kindOf(done)).toBe('cancelled');
    await closed.passed;
  });

  it('closes the socket of an opened exchange by hand, which then has ended for the reason given', async () => {
    const [closed, begun] = [signpost(), signpost()];
    const origin = await start((incoming, outgoing) => {
      incoming.socket.on('close', closed.pass);
      outgoing.write('first');
    });
    const running = client!.open(request(origin), { head: () => undefined, data: begun.pass });
    await begun.passed;
    const why = new GatewayError('upstream-timeout', 'no content in time');
    running.close(why);
    running.close(new GatewayError('cancelled', 'too late to matter'));
    expect(await running.ended).toBe(why);
    await closed.passed;
  });

  it('joins what a header says more than once', async () => {
    const origin = await start((_in, out) => void out.writeHead(200, { 'x-thing': ['a', 'b'], 'x-other': 'c' }).end());
    const received = collecting();
    await client!.send(request(origin), received);
    expect(received.headers()).toMatchObject({ 'x-thing': 'a, b', 'x-other': 'c' });
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

  it('survives what follows the end of an encoding', async () => {
    const begun = signpost();
    const origin = await start((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync('whole'));
      // Padding ends the decoder's output; what comes after it is a broken member that nobody reads.
      void begun.passed.then(() =>
        outgoing.write(Buffer.alloc(256 * 1024), () => outgoing.end('x'.repeat(256 * 1024))),
      );
    });
    let text = '';
    const done = client!.send(request(origin), {
      head: () => undefined,
      data: (chunk) => {
        text += Buffer.from(chunk).toString();
        begun.pass();
      },
    });
    expect([await kindOf(done), text]).toEqual(['upstream-garbled', 'whole']);
  });

  it('pushes nothing of an encoded answer after it was closed', async () => {
    const origin = await start((incoming, out) => {
      const encoded = out.writeHead(200, { 'content-encoding': 'gzip' });
      if (incoming.url === '/left') encoded.write(gzipSync(Buffer.alloc(8 * 1024 * 1024)));
      else encoded.end(gzipSync('another'));
    });
    const [begun, gate] = [signpost(), signpost()];
    let pieces = 0;
    const running = client!.open(request(`${origin}/left`), {
      head: () => undefined,
      data: () => {
        pieces += 1;
        begun.pass();
        return gate.passed;
      },
    });
    await begun.passed;
    running.close(new GatewayError('cancelled', 'the caller left'));
    await running.ended;
    gate.pass();
    // An answer asked for later has come to its end: whatever could still be pushed has had its time.
    const other = collecting();
    await client!.send(request(`${origin}/other`), other);
    expect([other.text(), pieces]).toEqual(['another', 1]);
  });

  const failures: [string, RequestListener, string][] = [
    ['a cut body', (_in, out) => void out.write('x', () => out.destroy()), 'upstream-transient'],
    ['a reset before headers', (incoming) => void incoming.socket.destroy(), 'upstream-transient'],
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
    expect(await kindOf(client!.send(request(origin), collecting()))).toBe(kind);
  });

  const silences: [string, RequestListener, HttpRequest['timeouts']][] = [
    ['no answer', () => undefined, { ...ENDLESS, firstByteMs: 150 }],
    ['a stall', (_in, out) => void out.write('x'), { ...ENDLESS, stallMs: 150 }],
  ];
  it.each(silences)('calls %s a timeout', async (_name, listener, timeouts) => {
    const origin = await start(listener);
    expect(await kindOf(client!.send(request(origin, { timeouts }), collecting()))).toBe('upstream-timeout');
  });

  it('sends a body as it comes, under the length that it is said to have', async () => {
    let seen = '';
    let length: string | undefined;
    const origin = await start((incoming, outgoing) => {
      length = incoming.headers['content-length'];
      incoming.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      incoming.on('end', () => outgoing.end('ok'));
    });
    const body = Readable.from(['one ', 'two ', 'three'].map((text) => Buffer.from(text)));
    await client!.send(request(origin, { body, headers: { 'content-length': '13' } }), collecting());
    expect([seen, length]).toEqual(['one two three', '13']);
  });

  it('says when a connection is there, and says nothing where there is none', async () => {
    const said: string[] = [];
    const onConnected = (): void => void said.push('connected');
    const origin = await start((_in, out) => void out.end());
    await client!.send(request(origin, { method: 'DELETE', onConnected }), collecting());
    expect(said).toEqual(['connected']);
    await new Promise((resolve) => {
      server?.close(resolve);
      server?.closeAllConnections();
    });
    expect(await kindOf(client!.send(request(origin, { onConnected }), collecting()))).toBe('upstream-transient');
    expect(said).toEqual(['connected']);
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

  it('tells of an address that is none where it tells of every failure', async () => {
    await start(() => undefined);
    const failure = await client!.open(request('no address'), collecting()).ended;
    expect(failure).toMatchObject({ kind: 'internal' });
  });
});

import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { createSafeFetch, type AddressRules, type ForeignGet, type ResolveHost, type SafeFetch } from './index.js';

/** The one address that these tests take for a good one; every other of the machine is a place inside. */
const RULES: AddressRules = { schemes: ['http'], ports: 'any', exemptAddresses: ['127.0.0.1'] };
const INSIDE = '127.0.0.2';
const MIB = 1024 * 1024;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Listening {
  readonly port: number;
  readonly asked: IncomingMessage[];
}

async function listen(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<Listening> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

const picture: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'Image/PNG; a=b' }).end('picture');

/** Names of these tests, and what each asking of them is answered in turn; the last answer stays. */
function names(table: Readonly<Record<string, readonly (readonly string[])[]>>): {
  resolve: ResolveHost;
  asked: string[];
} {
  const asked: string[] = [];
  const resolve: ResolveHost = async (hostname) => {
    const before = asked.filter((one) => one === hostname).length;
    asked.push(hostname);
    const answers = table[hostname] ?? [];
    return answers[Math.min(before, answers.length - 1)] ?? [];
  };
  return { resolve, asked };
}

const fetcher = (table: Parameters<typeof names>[0] = {}, rules = RULES): SafeFetch =>
  createSafeFetch({ rules, resolve: names(table).resolve });

const ask = (url: string, more: Partial<ForeignGet> = {}): ForeignGet => ({
  url,
  bytesMax: 4 * MIB,
  accepts: (contentType) => contentType.startsWith('image/'),
  totalMs: 600_000,
  signal: new AbortController().signal,
  ...more,
});

async function fetched(safe: SafeFetch, request: ForeignGet): Promise<string> {
  const { contentType, body } = await safe.get(request);
  return `${contentType} ${(await buffer(body)).toString()}`;
}

/** Everything of an error that anybody could be shown, or find in a log. */
async function failure(work: Promise<unknown>): Promise<{ kind: string; message: string; words: string }> {
  const thrown = await work.then(
    () => assertNever(),
    (error: Error & { kind: string; details?: unknown }) => error,
  );
  const words = JSON.stringify([thrown, thrown.message, String(thrown.cause), thrown.details]);
  return { kind: thrown.kind, message: thrown.message, words };
}

function assertNever(): never {
  throw new Error('this should have been refused');
}

const REFUSED = { kind: 'invalid-request', message: 'the address cannot be used' };

describe('get', () => {
  it('fetches what a name leads to, by the name it has', async () => {
    const { port, asked } = await listen(picture);
    const safe = fetcher({ 'media.example': [['127.0.0.1']] });
    expect(await fetched(safe, ask(`http://media.example:${port}/a?b=c`))).toBe('image/png picture');
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/a?b=c' });
    expect(asked[0]?.headers).toMatchObject({ host: `media.example:${port}`, 'accept-encoding': 'identity' });
    expect(asked[0]?.headers).not.toHaveProperty('cookie');
  });

  it('tells a TLS server the name it calls', async () => {
    let hello: (bytes: Buffer) => void = () => undefined;
    const greeted = new Promise<Buffer>((resolve) => (hello = resolve));
    const server = createTcpServer((socket) => socket.once('data', (bytes) => (hello(bytes), socket.destroy())));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const safe = fetcher({ 'media.example': [['127.0.0.1']] }, { ...RULES, schemes: ['https'] });
    expect(await failure(safe.get(ask(`https://media.example:${port}/`)))).toMatchObject(REFUSED);
    expect((await greeted).includes('media.example')).toBe(true);
    server.close();
  });

  const addresses = [
    ...['127.0.0.2', '0.0.0.0', '10.0.0.1', '169.254.169.254', '100.100.100.200', '192.168.1.1', '168.63.129.16'],
    ...['::1', '::', 'fd00:ec2::254', 'fe80::1', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1'],
    ...['2002:7f00:1::', '2001::1', 'ff02::1', '2001:db8::1', 'fe80::1%lo', 'no address', '127.1', ''],
  ];

  it.each(addresses)('refuses a name that leads to %j, without a call', async (address) => {
    const inside = await listen(picture, '0.0.0.0');
    const refusal = await failure(
      fetcher({ 'media.example': [[address]] }).get(ask(`http://media.example:${inside.port}/`)),
    );
    expect(refusal).toMatchObject(REFUSED);
    expect(refusal.words).not.toMatch(/media|example|127|169|fe80|64:ff9b/);
    expect(inside.asked).toEqual([]);
  });

  it.each([
    { what: 'a bad one last', answers: ['127.0.0.1', INSIDE] },
    { what: 'a bad one first', answers: [INSIDE, '127.0.0.1'] },
    { what: 'a bad one of the other family', answers: ['127.0.0.1', '::ffff:127.0.0.1'] },
    { what: 'no addresses', answers: [] },
    { what: 'more than can be looked at', answers: Array.from({ length: 65 }, () => '127.0.0.1') },
  ])('refuses an answer with $what', async ({ answers }) => {
    const { port, asked } = await listen(picture, '0.0.0.0');
    const safe = fetcher({ 'media.example': [answers] });
    expect(await failure(safe.get(ask(`http://media.example:${port}/`)))).toMatchObject(REFUSED);
    expect(asked).toEqual([]);
  });

  it('connects to what it checked, whatever DNS says next', async () => {
    const good = await listen(picture);
    const inside = await listen(picture, INSIDE, good.port);
    const { resolve, asked } = names({ 'rebind.example': [['127.0.0.1'], [INSIDE]] });
    const safe = createSafeFetch({ rules: RULES, resolve });
    expect(await fetched(safe, ask(`http://rebind.example:${good.port}/`))).toBe('image/png picture');
    expect(asked).toEqual(['rebind.example']);
    expect(inside.asked).toEqual([]);
    expect(await failure(safe.get(ask(`http://rebind.example:${good.port}/`)))).toMatchObject(REFUSED);
    expect([good.asked.length, inside.asked.length]).toEqual([1, 0]);
  });

  it.each([
    `http://${INSIDE}`,
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://2130706434',
    'http://0177.0.0.2',
    'http://127.2',
    'http://0',
  ])('refuses %s as it stands', async (origin) => {
    const inside = await listen(picture, '::');
    expect(await failure(fetcher().get(ask(`${origin}:${inside.port}/`)))).toMatchObject(REFUSED);
    expect(inside.asked).toEqual([]);
  });

  it('says nothing more of a place where nobody listens, or of a name that DNS has not', async () => {
    const { port } = await listen(picture);
    servers[0]?.close();
    const closed = await failure(fetcher().get(ask(`http://127.0.0.1:${port}/`)));
    const unknown = await failure(fetcher().get(ask('http://unknown.example/')));
    const broken = createSafeFetch({ rules: RULES, resolve: () => Promise.reject(new Error('no DNS at 10.0.0.53')) });
    const silent = await failure(broken.get(ask('http://unknown.example/')));
    for (const refusal of [closed, unknown, silent]) {
      expect(refusal).toMatchObject(REFUSED);
      expect(refusal.words).not.toMatch(/127|10\.0|ECONN|unknown/);
    }
  });
});

describe('redirects', () => {
  const to =
    (location: string, status = 302): RequestListener =>
    (_request, response) =>
      void response.writeHead(status, { location }).end();

  /** Redirects `/3` to `/2` and so on, and answers at `/0`. */
  const countdown: RequestListener = (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) return picture(request, response);
    return to(`/${left - 1}`)(request, response);
  };

  it.each([301, 302, 303, 307, 308])('are followed at %i', async (status) => {
    const { port } = await listen((request, response) =>
      request.url === '/a' ? to('/b', status)(request, response) : picture(request, response),
    );
    expect(await fetched(fetcher(), ask(`http://127.0.0.1:${port}/a`))).toBe('image/png picture');
  });

  it('are followed three times and no more', async () => {
    const { port, asked } = await listen(countdown);
    expect(await fetched(fetcher(), ask(`http://127.0.0.1:${port}/3`))).toBe('image/png picture');
    expect(await failure(fetcher().get(ask(`http://127.0.0.1:${port}/4`)))).toMatchObject(REFUSED);
    expect(asked).toHaveLength(8);
  });

  it.each([
    { what: 'an address inside', location: (port: number) => `http://${INSIDE}:${port}/` },
    { what: 'a name that leads inside', location: (port: number) => `http://inside.example:${port}/` },
    { what: 'an address inside, in numbers', location: (port: number) => `http://2130706434:${port}/` },
    { what: 'an address inside, without a scheme', location: (port: number) => `//${INSIDE}:${port}/` },
    { what: 'an address inside, with slashes turned', location: (port: number) => `\\\\${INSIDE}:${port}\\` },
    { what: 'an address inside, after a user', location: (port: number) => `http://127.0.0.1@${INSIDE}:${port}/` },
    { what: 'another scheme', location: (port: number) => `https://127.0.0.1:${port}/` },
    { what: 'a file', location: () => 'file:///etc/passwd' },
    { what: 'nothing that is a URL', location: () => 'http://' },
  ])('to $what are refused', async ({ location }) => {
    const inside = await listen(picture, INSIDE);
    const { port } = await listen(to(location(inside.port)));
    const safe = fetcher({ 'inside.example': [[INSIDE]] });
    expect(await failure(safe.get(ask(`http://127.0.0.1:${port}/`)))).toMatchObject(REFUSED);
    expect(inside.asked).toEqual([]);
  });

  it('to a port that is not listed are refused', async () => {
    const other = await listen(picture);
    const { port } = await listen(to(`http://127.0.0.1:${other.port}/`));
    const safe = fetcher({}, { ...RULES, ports: [port] });
    expect(await failure(safe.get(ask(`http://127.0.0.1:${port}/`)))).toMatchObject(REFUSED);
    expect(other.asked).toEqual([]);
  });

  it('to a user at an address are refused', async () => {
    const other = await listen(picture);
    const { port } = await listen(to(`http://user@127.0.0.1:${other.port}/`));
    expect(await failure(fetcher().get(ask(`http://127.0.0.1:${port}/`)))).toMatchObject(REFUSED);
    expect(other.asked).toEqual([]);
  });

  it('without an address are refused', async () => {
    const { port } = await listen((_request, response) => void response.writeHead(302).end());
    expect(await failure(fetcher().get(ask(`http://127.0.0.1:${port}/`)))).toMatchObject(REFUSED);
  });

  it('ask anew where the same name leads', async () => {
    const { port, asked } = await listen(countdown);
    const safe = fetcher({ 'rebind.example': [['127.0.0.1'], [INSIDE]] });
    expect(await failure(safe.get(ask(`http://rebind.example:${port}/1`)))).toMatchObject(REFUSED);
    expect(asked).toHaveLength(1);
  });

  it('to another origin are not told our headers, nor is the first one told them again', async () => {
    const second = await listen((_request, response) => void response.writeHead(302, { location: back }).end());
    const first = await listen((request, response) =>
      request.url === '/end'
        ? picture(request, response)
        : to(`http://other.example:${second.port}/`)(request, response),
    );
    const back = `http://media.example:${first.port}/end`;
    const safe = fetcher({ 'media.example': [['127.0.0.1']], 'other.example': [['127.0.0.1']] });
    const headers = { 'x-goog-api-key': 'secret' };
    await fetched(safe, ask(`http://media.example:${first.port}/`, { headers }));
    const told = [...first.asked, ...second.asked].map((request) => request.headers['x-goog-api-key']);
    expect(told).toEqual(['secret', undefined, undefined]);
  });
});

describe('limits', () => {
  const answer =
    (headers: Record<string, string>, body: string | Buffer): RequestListener =>
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'image/png', ...headers }).end(body);

  const get = async (listener: RequestListener, more: Partial<ForeignGet> = {}): Promise<string> => {
    const { port } = await listen(listener);
    return fetched(fetcher(), ask(`http://127.0.0.1:${port}/`, more));
  };

  it('take a body of exactly its limit', async () => {
    expect(await get(answer({}, 'x'.repeat(100)), { bytesMax: 100 })).toHaveLength('image/png '.length + 100);
  });

  it.each([
    { what: 'announced and not yet sent', listener: announcing(101) },
    { what: 'not announced', listener: answer({ 'transfer-encoding': 'chunked' }, 'x'.repeat(101)) },
    { what: 'folded up small', listener: answer({ 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(1_000_000))) },
  ])('refuse a body over its limit, $what', async ({ listener }) => {
    expect(await failure(get(listener, { bytesMax: 100 }))).toMatchObject({ kind: 'too-large' });
  });

  it('let go of a bomb long before it has unfolded', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * MIB), { level: 9 });
    const { port } = await listen(answer({ 'content-encoding': 'gzip' }, bomb));
    const { body } = await fetcher().get(ask(`http://127.0.0.1:${port}/`));
    let read = 0;
    const reading = (async () => {
      for await (const chunk of body) read += (chunk as Uint8Array).length;
    })();
    expect(await failure(reading)).toMatchObject({ kind: 'too-large' });
    expect(read).toBeLessThanOrEqual(4 * MIB);
  });

  it.each([
    { encoding: 'gzip', encode: gzipSync },
    { encoding: 'deflate', encode: deflateSync },
    { encoding: 'br', encode: brotliCompressSync },
    { encoding: ' GZIP ', encode: gzipSync },
  ])('decode $encoding', async ({ encoding, encode }) => {
    expect(await get(answer({ 'content-encoding': encoding }, encode('picture')))).toBe('image/png picture');
  });

  it.each([
    { what: 'an unknown encoding', listener: answer({ 'content-encoding': 'lz' }, 'x') },
    { what: 'two encodings', listener: answer({ 'content-encoding': 'gzip, gzip' }, 'x') },
    { what: 'a broken one', listener: answer({ 'content-encoding': 'gzip' }, 'x') },
    { what: 'one cut short', listener: answer({ 'content-encoding': 'gzip' }, gzipSync('picture').subarray(0, -9)) },
    { what: 'an encoding named after a property', listener: answer({ 'content-encoding': 'constructor' }, 'x') },
    { what: 'a body cut short', listener: cut() },
    { what: 'no HTTP', listener: ((request) => void request.socket.end('nonsense\r\n\r\n')) satisfies RequestListener },
    { what: 'a reset', listener: ((request) => void request.socket.destroy()) satisfies RequestListener },
    { what: 'headers without end', listener: answer({ 'x-long': 'x'.repeat(20_000) }, 'x') },
    { what: 'a 404', listener: status(404) },
    { what: 'a 500', listener: status(500) },
    { what: 'part of a body', listener: status(206) },
    { what: 'no content', listener: status(204) },
  ])('refuse $what', async ({ listener }) => {
    expect(await failure(get(listener))).toMatchObject(REFUSED);
  });

  it.each(['text/html', 'application/json', ''])('refuse the content type %j', async (contentType) => {
    const listener: RequestListener = (_request, response) =>
      void response.writeHead(200, contentType ? { 'content-type': contentType } : {}).end('x');
    expect(await failure(get(listener))).toMatchObject({ kind: 'invalid-request' });
  });

  it.each([
    { what: 'no answer', listener: (() => undefined) satisfies RequestListener },
    {
      what: 'an answer that stops',
      listener: ((_request, response) =>
        void response.writeHead(200, { 'content-type': 'image/png' }).write('x')) satisfies RequestListener,
    },
  ])('end $what', async ({ listener }) => {
    expect(await failure(get(listener, { totalMs: 200 }))).toMatchObject(REFUSED);
  });

  it('end a name that DNS never answers for', async () => {
    const safe = createSafeFetch({ rules: RULES, resolve: () => new Promise(() => undefined) });
    expect(await failure(safe.get(ask('http://media.example/', { totalMs: 50 })))).toMatchObject(REFUSED);
  });

  it('close the connection of a caller who leaves, and say so', async () => {
    let gone: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (gone = resolve));
    const { port } = await listen((request, response) => {
      request.socket.once('close', gone);
      response.writeHead(200, { 'content-type': 'image/png' }).write('x');
    });
    const leave = new AbortController();
    const { body } = await fetcher().get(ask(`http://127.0.0.1:${port}/`, { signal: leave.signal }));
    const reading = buffer(body);
    leave.abort();
    expect(await failure(reading)).toMatchObject({ kind: 'cancelled' });
    await closed;
  });

  it('close the connection of a body that nobody wants', async () => {
    let gone: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (gone = resolve));
    const { port } = await listen((request, response) => {
      request.socket.once('close', gone);
      response.writeHead(200, { 'content-type': 'image/png' }).write('x');
    });
    const { body } = await fetcher().get(ask(`http://127.0.0.1:${port}/`));
    body.destroy();
    await closed;
  });
});

function announcing(bytes: number): RequestListener {
  return (_request, response) =>
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': bytes }).flushHeaders();
}

function cut(): RequestListener {
  return (_request, response) =>
    void response
      .writeHead(200, { 'content-type': 'image/png', 'content-length': '10' })
      .write('x', () => void response.destroy());
}

function status(code: number): RequestListener {
  return (_request, response) =>
    void response.writeHead(code, { 'content-type': 'image/png' }).end(code === 204 ? '' : 'x');
}

describe('post', () => {
  const tell = (url: string): Parameters<SafeFetch['post']>[0] => ({
    url,
    headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
    body: '{"a":1}',
    totalMs: 600_000,
    signal: new AbortController().signal,
  });

  it('tells, and returns the status', async () => {
    let heard = '';
    const { port, asked } = await listen((request, response) => {
      void buffer(request).then((bytes) => {
        heard = bytes.toString();
        response.writeHead(204).end();
      });
    });
    const safe = fetcher({ 'hooks.example': [['127.0.0.1']] });
    expect(await safe.post(tell(`http://hooks.example:${port}/hook`))).toEqual({ status: 204 });
    expect(heard).toBe('{"a":1}');
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/hook' });
    expect(asked[0]?.headers).toMatchObject({
      host: `hooks.example:${port}`,
      'content-length': '7',
      'webhook-id': 'msg_1',
    });
  });

  it.each([301, 302, 307, 308])('takes %i for the answer and goes nowhere', async (code) => {
    const { port, asked } = await listen(
      (_request, response) => void response.writeHead(code, { location: '/b' }).end(),
    );
    expect(await fetcher().post(tell(`http://127.0.0.1:${port}/a`))).toEqual({ status: code });
    expect(asked.map(({ url }) => url)).toEqual(['/a']);
  });

  it.each([200, 400, 410, 500])('returns %i, however much else is said', async (code) => {
    const { port } = await listen((_request, response) => void response.writeHead(code).end(Buffer.alloc(2 * MIB)));
    expect(await fetcher().post(tell(`http://127.0.0.1:${port}/`))).toEqual({ status: code });
  });

  it.each([
    { what: 'a place inside', host: INSIDE, address: INSIDE },
    { what: 'a name that leads inside', host: 'hooks.example', address: INSIDE },
    { what: 'a name that leads to both', host: 'both.example', address: INSIDE },
  ])('refuses $what', async ({ host, address }) => {
    const inside = await listen(picture, address);
    const safe = fetcher({ 'hooks.example': [[INSIDE]], 'both.example': [['127.0.0.1', INSIDE]] });
    expect(await failure(safe.post(tell(`http://${host}:${inside.port}/`)))).toMatchObject(REFUSED);
    expect(inside.asked).toEqual([]);
  });

  it('ends with the one refusal where nobody answers in time', async () => {
    const { port } = await listen(() => undefined);
    expect(await failure(fetcher().post({ ...tell(`http://127.0.0.1:${port}/`), totalMs: 200 }))).toMatchObject(
      REFUSED,
    );
  });

  it('is sent once', async () => {
    const { port, asked } = await listen((request) => void request.socket.destroy());
    expect(await failure(fetcher().post(tell(`http://127.0.0.1:${port}/`)))).toMatchObject(REFUSED);
    expect(asked).toHaveLength(1);
  });
});

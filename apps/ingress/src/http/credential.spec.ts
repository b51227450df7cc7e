import { ASKING, runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { open, openSocket, readSocket } from '../testing/http-client.js';
import { API_KEY, MANAGEMENT_KEY } from '../testing/samples.js';
import { until } from '../testing/steps.js';

describe('keys', () => {
  let ingress: IngressUnderTest;
  afterEach(() => ingress.stop());

  const carriers = (key: string): readonly { headers: Record<string, string>; query: string }[] => [
    { headers: { 'x-api-key': key }, query: '' },
    { headers: { 'x-goog-api-key': key }, query: '' },
    { headers: { authorization: `Bearer ${key}` }, query: '' },
    { headers: {}, query: `?key=${key}` },
  ];

  it.each(Object.entries(ASKING))('are taken from every carrier on %s', async (_, { path, body }) => {
    ingress = await runIngress();
    for (const { headers, query } of carriers(API_KEY)) {
      expect((await ingress.send({ path: `${path}${query}`, headers, body })).status).toBe(200);
    }
    // The same key from the same address: asked once, and then known.
    expect(ingress.heard.authenticated.map(({ clientAddress }) => clientAddress)).toEqual(['127.0.0.1']);
  });

  it('are judged before a byte of the body is there', async () => {
    ingress = await runIngress();
    const socket = await openSocket(ingress.address);
    const lines = [
      'POST /v1/messages HTTP/1.1',
      'host: x',
      'x-api-key: sk-byts-this-is-not-it',
      'content-length: 30000000',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    let answer = '';
    socket.on('data', (piece) => (answer += String(piece)));
    await until(() => answer.includes('authentication_error'));
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*\r\nconnection: close\r\n/s);
    // A client that goes on sending can still read the answer: the connection is not reset under it.
    socket.end(Buffer.alloc(4 * 1024 * 1024));
    await readSocket(socket);
  });

  it('spare a client that expects to be told from sending its body', async () => {
    ingress = await runIngress();
    const head = (key: string) =>
      ['POST /v1/messages HTTP/1.1', 'host: x', `x-api-key: ${key}`, 'expect: 100-continue', 'content-length: 21'].join(
        '\r\n',
      );
    const refused = await openSocket(ingress.address);
    refused.write(`${head('sk-byts-this-is-not-it')}\r\n\r\n`);
    expect(await readSocket(refused)).toMatch(/^HTTP\/1\.1 401 /);
    const served = await openSocket(ingress.address);
    served.write(`${head(API_KEY)}\r\nconnection: close\r\n\r\n`);
    served.once('data', () => served.write('{"model":"model-one"}'));
    expect(await readSocket(served)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it('cost nothing when they cannot be one', async () => {
    ingress = await runIngress();
    for (const key of ['short', 'x'.repeat(600)]) {
      const reply = await ingress.send({ ...ASKING.chat, headers: { 'x-api-key': key } });
      expect(reply.status).toBe(401);
    }
    expect(ingress.heard.authenticated).toEqual([]);
  });

  it('of the management are no good for inference', async () => {
    ingress = await runIngress();
    const reply = await ingress.send({ ...ASKING.chat, headers: { 'x-api-key': MANAGEMENT_KEY } });
    expect(reply.status).toBe(401);
  });

  it.each([
    { name: 'is not believed without a trusted proxy', trusted: '', forwarded: '1.2.3.4', seen: '127.0.0.1' },
    {
      name: 'is believed from a trusted proxy',
      trusted: '127.0.0.0/8',
      forwarded: '6.6.6.6, 1.2.3.4',
      seen: '1.2.3.4',
    },
    {
      name: 'is followed through trusted hops',
      trusted: '127.0.0.1,10.0.0.0/8',
      forwarded: '1.2.3.4, 10.1.1.1',
      seen: '1.2.3.4',
    },
    { name: 'stops at nonsense', trusted: '127.0.0.1', forwarded: '1.2.3.4, nonsense', seen: '127.0.0.1' },
    { name: 'may be of the other family', trusted: '127.0.0.1,::1', forwarded: '2001:db8::1', seen: '2001:db8::1' },
  ])('X-Forwarded-For $name', async ({ trusted, forwarded, seen }) => {
    ingress = await runIngress({}, { trustedProxies: trusted });
    await ingress.send({ ...ASKING.chat, headers: { ...ASKING.chat.headers, 'x-forwarded-for': forwarded } });
    expect(ingress.heard.authenticated[0]?.clientAddress).toBe(seen);
  });

  it('keep the connection for the next request after a small refused body', async () => {
    ingress = await runIngress();
    const response = await open(ingress.address, { ...ASKING.chat, headers: { connection: 'keep-alive' } });
    expect(response.statusCode).toBe(401);
    expect(response.headers.connection).toBe('keep-alive');
    response.destroy();
  });
});

import { ASKING, runIngress, STREAMING, type IngressUnderTest } from '../testing/run-ingress.js';

const ORIGIN = { origin: 'https://chat.example' };
const PREFLIGHT = {
  ...ORIGIN,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
};
const READABLE = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };

let ingress: IngressUnderTest;
beforeAll(async () => {
  ingress = await runIngress();
});
afterAll(() => ingress.stop());

describe('a page of another origin', () => {
  it.each(['/v1/messages', '/v1/messages/', '/v1beta/models/m:generateContent', '/api/v1/keys', '/v1/unknown', '/%zz'])(
    'may ask at %s, and needs no key to learn so',
    async (path) => {
      const { status, headers, body } = await ingress.send({ path, method: 'OPTIONS', headers: PREFLIGHT });
      expect([status, body.length]).toEqual([204, 0]);
      expect(headers).toMatchObject({ ...READABLE, 'request-id': expect.stringMatching(/./) });
      expect(headers['access-control-allow-methods']?.split(', ')).toEqual(expect.arrayContaining(['POST', 'DELETE']));
      // A star alone does not stand for the header that most keys travel in.
      expect(headers['access-control-allow-headers']?.split(', ')).toEqual(['authorization', '*']);
    },
  );

  it.each([
    { name: 'an answer', asked: ASKING.messages, status: 200 },
    { name: 'a stream', asked: STREAMING.chat, status: 200 },
    { name: 'a refusal', asked: { ...ASKING.chat, headers: {} }, status: 401 },
    { name: 'an address without anything', asked: { ...ASKING.chat, path: '/v1/unknown' }, status: 404 },
  ])('may read $name and its headers', async ({ asked, status }) => {
    const reply = await ingress.send({ ...asked, headers: { ...asked.headers, ...ORIGIN } });
    expect([reply.status, reply.headers]).toMatchObject([status, READABLE]);
    expect(reply.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('is alone in being told so', async () => {
    const reply = await ingress.send(ASKING.messages);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it.each<Record<string, string>>([{}, ORIGIN, { 'access-control-request-method': 'POST' }])(
    'asks by both headers: %p is a wrong method',
    async (headers) => {
      expect((await ingress.send({ path: '/v1/messages', method: 'OPTIONS', headers })).status).toBe(405);
    },
  );
});

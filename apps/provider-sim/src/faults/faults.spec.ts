import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { Anthropic } from '@anthropic-ai/sdk';
import { startAnthropic } from '../testing/start-anthropic.js';
import type { RunningSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
let client: Anthropic;
beforeAll(async () => {
  ({ simulator, client } = await startAnthropic());
});
afterAll(() => simulator.close());
beforeEach(() => control('DELETE', 'faults'));

const control = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
  const response = await fetch(`${simulator.address}/_sim/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
};

const bodyFor = (content: string, more: Record<string, unknown> = {}) => ({
  model: 'claude-sonnet-4-6',
  max_tokens: 500,
  messages: [{ role: 'user' as const, content }],
  ...more,
});

interface Seen {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  readonly ended: 'whole' | 'cut';
}

/** Sends a request and notes exactly what came back and how it ended. */
const send = (body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const sent = request(`${simulator.address}/anthropic/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { 'x-api-key': 'sim-key', 'anthropic-version': '2023-06-01', ...headers },
      ...(signal && { signal }),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      const see = (ended: Seen['ended']) => (): void =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks), ended });
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', see('whole'));
      response.on('error', see('cut'));
    });
    sent.end(JSON.stringify(body));
  });

const eventsOf = ({ bytes }: Seen): readonly string[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('event: ') ? [line.slice(7)] : []));

const streamed = (fault: string) =>
  bodyFor(`say: a few words to send in several pieces\n[[fault: ${fault}]]`, { stream: true });

describe('where a fault may be asked for', () => {
  it.each([
    { name: 'a header', body: bodyFor('hi'), headers: { 'x-sim-fault': 'status=503' } },
    { name: 'the model', body: bodyFor('hi', { model: 'claude-sonnet-4-6+fault:status=503' }), headers: {} },
    { name: 'the prompt', body: bodyFor('hi\n[[fault: status=503]]'), headers: {} },
  ])('$name', async ({ body, headers }) => {
    const seen = await send(body, headers as Record<string, string>);
    expect(seen.status).toBe(503);
  });

  it('is not repeated by the answer to a marked prompt', async () => {
    const seen = await send(bodyFor('say: clean [[fault: slow-headers=1]]'));
    expect(JSON.parse(seen.bytes.toString())).toMatchObject({ content: [{ type: 'text', text: 'clean' }] });
  });

  it('strikes the next calls of a vendor and then no more', async () => {
    await control('POST', 'faults', { vendor: 'anthropic', model: 'claude-sonnet-4-6', fault: 'status=529', times: 2 });
    const statuses: number[] = [];
    for (const model of ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-sonnet-4-6', 'claude-sonnet-4-6']) {
      statuses.push((await send(bodyFor('hi', { model }))).status);
    }
    expect(statuses).toEqual([200, 529, 529, 200]);
  });

  it('strikes one credential and spares the others', async () => {
    await control('POST', 'faults', { key: 'sim-second', fault: 'status=401', times: 5 });
    const statuses: number[] = [];
    for (const key of ['sim-first', 'sim-second']) {
      statuses.push((await send(bodyFor('hi'), { 'x-api-key': key })).status);
    }
    expect(statuses).toEqual([200, 401]);
  });

  it('strikes one vendor only', async () => {
    const elsewhere = await send(bodyFor('hi [[fault: status=500 only=openai]]'));
    const here = await send(bodyFor('hi [[fault: status=500 only=anthropic]]'));
    expect([elsewhere.status, here.status]).toEqual([200, 500]);
  });

  it('strikes the same prompt only so many times', async () => {
    const body = bodyFor('again\n[[fault: status=500 times=1]]');
    expect([(await send(body)).status, (await send(body)).status]).toEqual([500, 200]);
  });

  it('says so when the fault does not exist', async () => {
    const seen = await send(bodyFor('hi'), { 'x-sim-fault': 'explode' });
    expect({ status: seen.status, text: seen.bytes.toString() }).toEqual({
      status: 400,
      text: expect.stringContaining('no fault "explode"'),
    });
  });
});

describe('faults before the first byte', () => {
  it.each([
    { fault: 'status=429 retry-after=7', error: Anthropic.RateLimitError, retryAfter: '7' },
    { fault: 'status=429', error: Anthropic.RateLimitError, retryAfter: null },
    { fault: 'status=529', error: Anthropic.OverloadedError, retryAfter: null },
    { fault: 'status=402', error: Anthropic.PaymentRequiredError, retryAfter: null },
    { fault: 'status=403', error: Anthropic.PermissionDeniedError, retryAfter: null },
    { fault: 'status=500', error: Anthropic.InternalServerError, retryAfter: null },
  ])('$fault is the SDKs typed error', async ({ fault, error, retryAfter }) => {
    const failure = await client.messages.create(bodyFor(`[[fault: ${fault}]]`)).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(error);
    expect((failure as InstanceType<typeof Anthropic.APIError>).headers?.get('retry-after') ?? null).toBe(retryAfter);
  });

  it('resets the connection', async () => {
    await expect(send(bodyFor('[[fault: reset]]'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('never answers, and notices when the caller gives up', async () => {
    const waiting = new AbortController();
    const hanging = send(bodyFor('[[fault: hang]] never'), {}, waiting.signal);
    let seen = await control('GET', 'requests?limit=1');
    while (!JSON.stringify(seen).includes('\\"hang\\":true')) seen = await control('GET', 'requests?limit=1');
    waiting.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'ABORT_ERR' });
  });

  it('holds requests until they are released', async () => {
    const held = send(bodyFor('say: at last [[fault: hold=gate]]'));
    let waiting: unknown;
    while (JSON.stringify(waiting) !== '{"gate":1}') waiting = (await control('GET', 'stats')).waiting;
    expect(await control('POST', 'release', { hold: 'gate' })).toEqual({ released: 1 });
    expect((await held).bytes.toString()).toContain('at last');
  });

  it('holds a stream in its middle', async () => {
    const held = send(streamed('hold-after=4'));
    let waiting: unknown;
    while (JSON.stringify(waiting) !== '{"default":1}') waiting = (await control('GET', 'stats')).waiting;
    expect(await control('POST', 'release')).toEqual({ released: 1 });
    expect(eventsOf(await held).at(-1)).toBe('message_stop');
  });

  it('answers 200 around an error', async () => {
    const seen = await send(bodyFor('[[fault: error-body]]'));
    expect({ status: seen.status, body: JSON.parse(seen.bytes.toString()) }).toMatchObject({
      status: 200,
      body: { type: 'error', error: { type: 'api_error' } },
    });
  });

  it('calls its answer something else', async () => {
    expect((await send(bodyFor('[[fault: content-type=text/html]]'))).headers['content-type']).toBe('text/html');
  });

  it('compresses its answer', async () => {
    const seen = await send(bodyFor('say: small [[fault: gzip]]'));
    expect(seen.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(seen.bytes).toString()).toContain('small');
  });
});

describe('faults within a stream', () => {
  const WHOLE = ['message_start', 'content_block_start', 'ping', 'content_block_delta'];

  it('keeps to the grammar without one', async () => {
    const events = eventsOf(await send(bodyFor('say: one', { stream: true })));
    expect(events).toEqual([...WHOLE, 'content_block_stop', 'message_delta', 'message_stop']);
  });

  it('is cut after so many events', async () => {
    const seen = await send(streamed('cut=4'));
    expect({ ended: seen.ended, events: eventsOf(seen) }).toEqual({ ended: 'cut', events: WHOLE });
  });

  it('is cut in the middle of a record', async () => {
    const seen = await send(streamed('cut-bytes=100'));
    expect({ ended: seen.ended, bytes: seen.bytes.length }).toEqual({ ended: 'cut', bytes: 100 });
  });

  it('lacks its terminator and still ends', async () => {
    const seen = await send(streamed('no-terminator'));
    expect({ ended: seen.ended, last: eventsOf(seen).at(-1) }).toEqual({ ended: 'whole', last: 'message_delta' });
  });

  it('holds an event that is not JSON', async () => {
    const seen = await send(streamed('malformed=3'));
    const data = seen.bytes
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('data: '));
    expect(() => JSON.parse(data[3]?.slice(6) ?? '')).toThrow(SyntaxError);
    expect(eventsOf(seen).at(-1)).toBe('message_stop');
  });

  it('ends in the vendors own error event', async () => {
    const seen = await send(streamed('stream-error=4'));
    expect(eventsOf(seen)).toEqual([...WHOLE, 'error']);
    const failure = await client.messages
      .stream(streamed('stream-error=4') as never)
      .finalMessage()
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Anthropic.APIError);
    expect(String(failure)).toContain('overloaded_error');
  });

  it.each([
    { usage: 'negative', expected: /"output_tokens":-7/ },
    { usage: 'huge', expected: /"output_tokens":9007199254740993/ },
    { usage: 'inconsistent', expected: /"cache_read_input_tokens":999999/ },
    { usage: 'missing', expected: /"no_usage":/ },
  ])('counts wrongly: $usage', async ({ usage, expected }) => {
    expect((await send(streamed(`usage=${usage}`))).bytes.toString()).toMatch(expected);
  });

  it('comes in single bytes and is still the same', async () => {
    const text = 'say: naïve 日本語 👩‍👩‍👧';
    const whole = await send(bodyFor(text, { stream: true }));
    const dripped = await send(bodyFor(text, { stream: true }), { 'x-sim-fault': 'chunk=1' });
    expect(dripped.bytes.equals(whole.bytes)).toBe(true);
  });

  it('falls silent, and tells when the caller left', async () => {
    const before = (await control('GET', 'stats')).closedByPeer;
    const leaving = new AbortController();
    const sent = request(`${simulator.address}/anthropic/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { 'x-api-key': 'sim-key', 'anthropic-version': '2023-06-01' },
      signal: leaving.signal,
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify(streamed('stall=4')));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      if (text.includes('content_block_delta')) break;
    }
    leaving.abort();
    let stats = await control('GET', 'stats');
    while (stats.closedByPeer === before) stats = await control('GET', 'stats');
    const { requests } = (await control('GET', 'requests')) as { requests: readonly { closedByPeerAtMs?: number }[] };
    expect(requests.at(-1)?.closedByPeerAtMs).toBeGreaterThan(0);
    expect(stats.openStreams).toBe(0);
  });

  it.each(['slow-first', 'drip'])('is slow by %s: what is asked later is answered sooner', async (fault) => {
    const leaving = new AbortController();
    const sent = request(`${simulator.address}/anthropic/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { 'x-api-key': 'sim-key', 'anthropic-version': '2023-06-01' },
      signal: leaving.signal,
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify(streamed(`${fault}=600000`)));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    let text = '';
    response.on('data', (chunk) => (text += String(chunk)));
    while (!text.includes('message_start')) await once(response, 'data');
    expect((await send(bodyFor('say: sooner', { stream: true }))).ended).toBe('whole');
    expect(text).not.toContain('content_block_delta');
    leaving.abort();
  });

  it('is slow to start and slow to go on, and is still the same', async () => {
    const text = 'say: in its own time';
    const whole = await send(bodyFor(text, { stream: true }));
    const slow = await send(bodyFor(text, { stream: true }), { 'x-sim-fault': 'slow-first=30 drip=2' });
    expect(slow.ended).toBe('whole');
    expect(slow.bytes.equals(whole.bytes)).toBe(true);
  });
});

describe('what the simulator remembers', () => {
  it('shows what it received and sent, byte for byte', async () => {
    const body = bodyFor('say: note this', { metadata: { user_id: 'u-1' } });
    const seen = await send(body, { 'X-Odd-Case': 'Kept' });
    const { requests } = (await control('GET', 'requests?limit=1')) as { requests: readonly Record<string, string>[] };
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/anthropic/v1/messages',
        status: 200,
        bodyBase64: Buffer.from(JSON.stringify(body)).toString('base64'),
        sentBase64: seen.bytes.toString('base64'),
        rawHeaders: expect.arrayContaining(['X-Odd-Case', 'Kept']),
      },
    ]);
  });
});

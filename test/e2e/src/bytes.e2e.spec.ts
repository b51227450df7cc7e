import { callGateway, eventually, platform } from './platform.js';
import { exchangesSince, lastExchangeId, type Exchange } from './simulator.js';

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** One raw-lane request per protocol, written with odd spacing and unknown-to-us order so that re-serialising would show. */
const wires = [
  {
    name: 'anthropic-messages',
    path: () => '/v1/messages',
    headers: { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'interleaved-thinking-2025-05-14' },
    body: (stream: boolean, fault: string) =>
      `{ "stream":${stream},"max_tokens" : 512,\n"model": "claude-sonnet-4-6", "messages":[{"role":"user","content":"${fault}count to 30 \\u00e9"}]}`,
    forwarded: (sent: string) => sent,
  },
  {
    name: 'openai-chat',
    path: () => '/v1/chat/completions',
    headers: {},
    body: (stream: boolean, fault: string) =>
      `{"messages":[{"role":"user","content":"${fault}count to 30"}],  "model":"gpt-5.4","stream_options":{"include_usage":true},"stream":${stream}}`.replace(
        stream ? '' : '"stream_options":{"include_usage":true},',
        '',
      ),
    forwarded: (sent: string) => sent,
  },
  {
    name: 'openai-responses',
    path: () => '/v1/responses',
    headers: {},
    body: (stream: boolean, fault: string) =>
      `{"input" :"${fault}count to 30","model":"gpt-5-4","stream":${stream} , "metadata":{"a":"b"}}`,
    // The catalogue's id is not the vendor's name; that one value is spliced.
    forwarded: (sent: string) => sent.replace('"gpt-5-4"', '"gpt-5.4"'),
  },
  {
    name: 'gemini-generate',
    path: (stream: boolean) =>
      `/v1beta/models/gemini-3-1-pro:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: {},
    body: (_stream: boolean, fault: string) =>
      `{"contents":[{"role":"user", "parts":[{"text":"${fault}count to 30"}]}] }`,
    forwarded: (sent: string) => sent,
  },
];

const [gemini] = wires.slice(-1);
const listed = {
  ...gemini!,
  name: 'gemini-generate as a list',
  path: () => gemini!.path(true).replace('?alt=sse', ''),
};

const cases = [...wires, listed].flatMap((wire) =>
  (wire === listed ? [true] : [true, false]).flatMap((stream) =>
    [
      { chunking: 'as the vendor sends it', fault: '' },
      { chunking: 'byte by byte', fault: '[[fault: chunk=1]]' },
      { chunking: 'in sevens', fault: '[[fault: chunk=7]]' },
    ].map((chunks) => ({
      wire,
      stream,
      ...chunks,
      title: `${wire.name}, ${stream ? 'streaming' : 'whole'}, ${chunks.chunking}`,
    })),
  ),
);

describe('the raw lane', () => {
  it.each(cases)('passes the bytes of $title', async ({ wire, stream, fault }) => {
    const before = await lastExchangeId();
    const sent = wire.body(stream, fault);
    const response = await callGateway(wire.path(stream), {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/json', ...wire.headers },
    });
    const received = await response.text();
    expect(response.status).toBe(200);
    const exchange = await onlyExchangeAfter(before);
    expect(decode(exchange.bodyBase64)).toBe(wire.forwarded(sent));
    expect(received).toBe(decode(exchange.sentBase64));
    expect(exchange.headers).toMatchObject(wire.headers);
  });

  it('withholds just the usage chunk that it asked for itself', async () => {
    const before = await lastExchangeId();
    const sent = '{"model":"gpt-5.4","stream":true,"messages":[{"role":"user","content":"count to 30"}]}';
    const response = await callGateway('/v1/chat/completions', {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/json' },
    });
    const received = await response.text();
    const exchange = await onlyExchangeAfter(before);
    expect(JSON.parse(decode(exchange.bodyBase64))).toEqual({
      ...JSON.parse(sent),
      stream_options: { include_usage: true },
    });
    const records = decode(exchange.sentBase64).split('\n\n');
    const withheld = records.filter((record) => /"choices":\s*\[\]/.test(record));
    expect(withheld).toHaveLength(1);
    expect(received).toBe(records.filter((record) => record !== withheld[0]).join('\n\n'));
  });

  it("never shows a vendor the client's credentials", async () => {
    const before = await lastExchangeId();
    await callGateway('/v1/messages', {
      method: 'POST',
      body: wires[0]!.body(false, ''),
      headers: { cookie: 'session=1', 'x-forwarded-for': '10.0.0.1', 'content-type': 'application/json' },
    });
    const { headers } = await onlyExchangeAfter(before);
    expect(JSON.stringify(headers)).not.toContain(platform.keys.default);
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-forwarded-for']));
    expect(headers['x-api-key']).toMatch(/^sim-/);
  });

  it.each([400, 413, 422])("passes a vendor's %d byte for byte", async (status) => {
    const before = await lastExchangeId();
    const response = await callGateway('/v1/messages', {
      method: 'POST',
      body: wires[0]!.body(true, `[[fault: status=${status} message=max_tokens:_9_>_8]]`),
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    });
    const received = await response.text();
    expect(response.status).toBe(status);
    expect(received).toBe(decode((await onlyExchangeAfter(before)).sentBase64));
  });
});

async function onlyExchangeAfter(id: number): Promise<Exchange> {
  return eventually(async () => {
    const exchanges = await exchangesSince(id);
    if (exchanges.length > 1) throw new Error(`the vendor was called ${exchanges.length} times`);
    return exchanges[0]?.endedAtMs === undefined ? undefined : exchanges[0];
  });
}

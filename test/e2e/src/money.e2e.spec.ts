import { GROUPS, nano, newCustomer, type Customer } from './accounts.js';
import { receiptOf, reckon } from './billing-outcomes/book.js';
import { callGateway, eventually, postJson } from './platform.js';
import { clearFaults, lastExchangeId } from './simulator.js';
import { OWNERS } from './wire-models.js';

interface Balance {
  readonly available_usd: string;
  readonly held_usd: string;
}
interface UsageRow {
  readonly request_id: string;
  readonly model: string;
  readonly credits_usd: string;
  readonly tokens: Readonly<Record<string, number>>;
  readonly outcome: string;
}

let customer: Customer;

const balance = async (): Promise<Balance> =>
  (await (await callGateway('/v1/balance', { key: customer.key })).json()) as Balance;
const rows = async (): Promise<UsageRow[]> =>
  ((await (await callGateway('/v1/usage?limit=200', { key: customer.key })).json()) as { data: UsageRow[] }).data;
const rowOf = (requestId: string) => eventually(async () => (await rows()).find((row) => row.request_id === requestId));

/** Everything that was held has been settled or released. */
const atRest = () =>
  eventually(async () => {
    const now = await balance();
    return nano(now.held_usd) === 0n ? now : undefined;
  });

const messages = (content: string, extra: object = {}) =>
  postJson(
    '/v1/messages',
    { model: 'claude-sonnet-4-6', max_tokens: 512, messages: [{ role: 'user', content }], ...extra },
    { 'anthropic-version': '2023-06-01', authorization: `Bearer ${customer.key}` },
  );

describe('money', () => {
  beforeAll(async () => {
    customer = await newCustomer('100.00');
  });
  afterEach(clearFaults);

  it('charges a success exactly what its usage costs', async () => {
    const before = await atRest();
    const response = await messages('say: Good morning');
    const { usage } = (await response.json()) as { usage: { input_tokens: number; output_tokens: number } };
    const row = await rowOf(response.headers.get('request-id')!);
    // claude-sonnet-4-6 costs 3 and 15 USD per million tokens: 3,000 and 15,000 nano-USD each.
    const cost = BigInt(usage.input_tokens) * 3_000n + BigInt(usage.output_tokens) * 15_000n;
    expect(nano(row.credits_usd)).toBe(cost);
    expect(row).toMatchObject({ model: 'claude-sonnet-4-6', outcome: 'complete' });
    expect(nano(before.available_usd) - nano((await atRest()).available_usd)).toBe(cost);
  });

  it('says before the first byte what it holds', async () => {
    const response = await messages('count to 20', { stream: true });
    expect(Number(response.headers.get('x-estimated-credits'))).toBeGreaterThan(0);
    expect(response.headers.get('x-hold-basis')).toBeTruthy();
    await response.text();
  });

  const failures = [
    { name: 'a vendor error', fault: 'status=500', status: 502 },
    { name: 'a refusal of the request', fault: 'status=400', status: 400 },
    { name: 'a reset before the headers', fault: 'reset', status: 502 },
    { name: 'a cut in mid-stream', fault: 'cut=6', stream: true, status: 200 },
    { name: 'an error in mid-stream', fault: 'stream-error=6', stream: true, status: 200 },
    { name: 'a missing terminator', fault: 'no-terminator', stream: true, status: 200 },
    { name: 'a malformed event', fault: 'malformed=6', stream: true, status: 200 },
    { name: 'a 200 with an error body', fault: 'error-body', status: 502 },
    { name: 'negative usage', fault: 'usage=negative', status: 200 },
    { name: 'a vendor rate limit', fault: 'status=429 retry-after=1', status: 429 },
  ];
  it.each(failures)('charges nothing for $name', async ({ fault, stream, status }) => {
    const before = await atRest();
    const response = await messages(`[[fault: ${fault}]]\ncount to 50`, { stream: stream ?? false });
    expect(response.status).toBe(status);
    await response.text().catch(() => 'the connection was cut, as it should be');
    const after = await atRest();
    expect(after).toEqual(before);
    expect((await rows()).some((row) => row.request_id === response.headers.get('request-id'))).toBe(false);
  });

  it('is taken again once the vendor lets us back', async () => {
    await eventually(async () => ((await messages('say: back')).status === 200 ? true : undefined));
  });

  it('charges nothing for an empty answer', async () => {
    const before = await atRest();
    await (await messages('empty')).text();
    expect(await atRest()).toEqual(before);
  });

  it('charges what a cache takes that was to be filled, and nothing else', async () => {
    const system = [{ type: 'text', text: 'words '.repeat(8_000), cache_control: { type: 'ephemeral' } }];
    const response = await messages('say: x', { max_tokens: 0, system });
    expect(response.headers.get('x-hold-basis')).toContain(' output=0 ');
    expect(await response.json()).toMatchObject({ content: [], usage: { output_tokens: 0 } });
    const receipt = await receiptOf(customer.key, response.headers.get('request-id')!);
    expect(receipt).toMatchObject({ rule: 'cache-filled', flags: [], overrun_usd: '0.00' });
    expect(receipt.lines.find((line) => line.class === 'cache_write_5m')?.units).toBeGreaterThan(4_000);
    expect(nano(receipt.total_usd)).toBe(reckon(receipt));
  });

  it('charges an abort after content for what was delivered, and no more', async () => {
    const before = await atRest();
    const response = await messages('[[fault: drip=20]]\nwords 2000', { max_tokens: 4096, stream: true });
    const reader = response.body!.getReader();
    for (let read = 0; read < 10; read += 1) await reader.read();
    await reader.cancel();
    const row = await rowOf(response.headers.get('request-id')!);
    expect(row.outcome).toBe('cancelled');
    expect(row.tokens['output']).toBeGreaterThan(0);
    expect(row.tokens['output']).toBeLessThan(500);
    expect(nano(before.available_usd) - nano((await atRest()).available_usd)).toBe(nano(row.credits_usd));
  });

  it('refuses what the wallet cannot cover, saying what would fit, before any vendor is called', async () => {
    const before = await lastExchangeId();
    const response = await messages('say: x', { model: 'claude-opus-4-8', max_tokens: 900_000_000 });
    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'billing_error', message: expect.stringContaining('max_tokens') },
    });
    expect(await lastExchangeId()).toBe(before);
  });
});

describe('what is held', () => {
  let key: string;
  beforeAll(async () => {
    ({ key } = await newCustomer('100.00', GROUPS.extended));
  });

  const turns = [{ role: 'user', content: 'words 2000' }];
  const limits = [
    { way: 'Messages to Chat', path: '/v1/messages', to: 'openai-chat', body: { max_tokens: 0, messages: turns } },
    {
      way: 'Messages to Gemini',
      path: '/v1/messages',
      to: 'gemini-generate',
      body: { max_tokens: 0, messages: turns },
    },
    {
      way: 'Responses to Chat',
      path: '/v1/responses',
      to: 'openai-chat',
      body: { max_output_tokens: 0, input: turns },
    },
  ] as const;
  it.each(limits)('pays for an answer whose limit of nothing cannot be kept: $way', async ({ path, to, body }) => {
    const asked = { model: OWNERS[to].id, ...body };
    const response = await postJson(path, asked, { authorization: `Bearer ${key}`, 'x-gateway-allow': 'L64' });
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
    const receipt = await receiptOf(key, response.headers.get('request-id')!);
    expect(receipt).toMatchObject({ rule: 'complete', overrun_usd: '0.00' });
    expect(receipt.lines.find((line) => line.class === 'output')?.units).toBeGreaterThan(1_500);
    expect(nano(receipt.total_usd)).toBe(reckon(receipt));
  });

  const queries = 'search: tides\nsearch: fjords\nsearch: lochs';
  const searches = [
    {
      vendor: 'Anthropic',
      path: '/v1/messages',
      body: {
        ...{ model: 'claude-sonnet-4-6', max_tokens: 200, messages: [{ role: 'user', content: queries }] },
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      },
    },
    {
      vendor: 'OpenAI',
      path: '/v1/responses',
      body: { model: 'gpt-5-5', max_output_tokens: 200, input: queries, tools: [{ type: 'web_search' }] },
    },
    {
      vendor: 'Google',
      path: '/v1beta/models/gemini-3-1-pro:generateContent',
      body: {
        contents: [{ role: 'user', parts: [{ text: queries }] }],
        generationConfig: { maxOutputTokens: 200 },
        tools: [{ googleSearch: {} }],
      },
    },
  ];
  it.each(searches)('pays for the searches that $vendor makes', async ({ path, body }) => {
    const response = await postJson(path, body, { authorization: `Bearer ${key}` });
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
    expect(response.headers.get('x-hold-basis')).toContain(' searches=5 ');
    const receipt = await receiptOf(key, response.headers.get('request-id')!);
    expect(receipt).toMatchObject({ rule: 'complete', overrun_usd: '0.00' });
    expect(nano(receipt.total_usd)).toBe(reckon(receipt));
    expect(nano(receipt.total_usd)).toBeGreaterThan(nano('0.03'));
  });
});

describe('input that its vendor has not counted', () => {
  const asked = {
    model: 'gpt-5-5',
    messages: [{ role: 'user', content: `[[fault: usage=missing]]\n${'漢字 '.repeat(2_000)}\nsay: yes` }],
  };
  const short = JSON.stringify(asked);
  const inAscii = (json: string) => json.replace(/[^ -~\n]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

  it.each([
    { written: 'as short as can be', body: short },
    { written: 'in nothing but ASCII', body: inAscii(short) },
    { written: 'over lines with long margins', body: JSON.stringify(asked, null, 10) + ' '.repeat(400_000) },
  ])('costs the same when it is written $written', async ({ body }) => {
    const headers = { authorization: `Bearer ${customer.key}`, 'content-type': 'application/json' };
    const response = await callGateway('/v1/chat/completions', { method: 'POST', body, headers });
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
    const receipt = await receiptOf(customer.key, response.headers.get('request-id')!);
    expect(receipt).toMatchObject({ rule: 'complete-without-usage', flags: ['counted'] });
    const input = receipt.lines.find((line) => line.class === 'input')?.units;
    // Each of the two line ends is written in two letters.
    expect(input).toBe(Math.floor((Buffer.byteLength(short) - 2) / 4));
  });
});

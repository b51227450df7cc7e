import { randomBytes } from 'node:crypto';

import { balanceAtRest, newCustomer, type Customer } from './accounts.js';
import { submitTask, untilEnded } from './media/tasks.js';
import { callGateway, eventually, gateway, running } from './platform.js';
import { forgetVendorFailures } from './processes.js';
import { ask } from './readings.js';
import { found, overhearFacts, readLogs, searchFacts, searchLogs, searchRedis, searchTables } from './sinks.js';
import { exchangesSince, lastExchangeId } from './simulator.js';
import { startTraceReceiver, type TraceReceiver } from './trace-receiver.js';
import { chatWire, geminiWire, messagesWire, responsesWire } from './wires.js';

/** One word, so that no wrapping or splitting hides it. */
const canary = `canary${randomBytes(12).toString('hex')}`;
const badKey = `sk-byts-bad${canary}`;

/** Models that no other spec asks, so that a circuit which opens here stands before nobody. */
const wires = [true, false].flatMap((stream) => [
  messagesWire('claude-opus-4-7', stream),
  messagesWire('gpt-5-2', stream),
  messagesWire('kimi-k2-5', stream),
  chatWire('gpt-5-4-nano', stream),
  chatWire('claude-sonnet-4-5', stream),
  responsesWire('gpt-5-4-pro', stream),
  geminiWire('gemini-3-flash', stream),
]);

/** Each ends another way, with the canary in the prompt, and in the vendor's own words where it has any. */
const endings = [
  '',
  `[[fault: status=400 message=${canary}]]`,
  `[[fault: status=500 message=${canary}]]`,
  `[[fault: stream-error=3 message=${canary}]]`,
  '[[fault: error-body]]',
  '[[fault: cut=4]]',
  '[[fault: malformed=4]]',
  '[[fault: usage=negative]]',
  '[[fault: content-type=text/html]]',
];

/** Requests that never get as far as a vendor. */
const stillborn = (key: string): readonly RequestInit[] => [
  { body: `{"model":"claude-haiku-4-5","messages":"${canary}"` },
  { body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: canary, messages: [] }) },
  { body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: canary, content: canary }] }) },
  { body: canary, headers: { authorization: `Bearer ${key}`, 'content-encoding': 'gzip' } },
  { body: canary, headers: { authorization: `Bearer ${badKey}` } },
];

/** Films that end in different ways, each by another wire. */
const films = [
  { model: 'sora-2', orders: 'render-ms=300' },
  { model: 'veo-3.1-lite', orders: 'outcome=filtered' },
  { model: 'seedance-fast', orders: 'outcome=failed' },
  { model: 'seedream-v5lite', orders: 'render-ms=100' },
];

/** Renders, at once and as tasks, until nothing of them is under way. */
async function draw(key: string): Promise<void> {
  const prompt = (orders: string): string => `[[fault: ${orders}]] ${canary}`;
  const tasks = films.map(async ({ model, orders }) => {
    const { task_id: id } = await submitTask(key, { model, params: { prompt: prompt(orders) } });
    return untilEnded(key, id);
  });
  const body = JSON.stringify({ model: 'nano-banana', prompt: canary });
  const headers = { 'content-type': 'application/json' };
  const drawn = await callGateway('/v1/images/generations', { method: 'POST', key, body, headers });
  expect(drawn.status).toBe(200);
  await Promise.all(tasks);
}

describe('what was said and with which key', () => {
  let customer: Customer;
  let traces: TraceReceiver;
  let facts: readonly string[];
  let secrets: readonly string[];
  let lastRequestId: string;

  beforeAll(async () => {
    traces = await startTraceReceiver();
    customer = await newCustomer('100.00');
    const { key, management } = customer;
    const ear = await overhearFacts();
    const firstExchange = await lastExchangeId();
    const drawing = draw(key);
    const prompts = endings.map((fault) => `${fault}\nsay: ${canary}`);
    for (const wire of wires) {
      const [plain] = await Promise.all(prompts.map((prompt) => ask({ wire, key, prompt, expected: canary })));
      expect(plain).toMatchObject({ wire: wire.name, verdict: 'whole' });
    }
    await ask({
      wire: messagesWire('claude-opus-4-7', true),
      key,
      prompt: `[[fault: drip=20]]\nsay: ${`${canary} `.repeat(50)}`,
      expected: '',
      leaveAfter: 2,
    });
    const kept = await callGateway('/v1/messages', {
      ...{ method: 'POST', key, headers: { 'idempotency-key': canary } },
      body: JSON.stringify(messagesWire('claude-opus-4-7', false).body(`say: ${canary}`)),
    });
    expect(await kept.text()).toContain(canary);
    await drawing;
    for (const init of stillborn(key))
      await callGateway('/v1/messages', { method: 'POST', key, ...init }).then((response) => response.text());
    for (const query of [`key=${badKey}`, `key=${key}`])
      await fetch(`${gateway}/v1beta/models?${query}`).then((response) => response.text());
    const last = await callGateway('/api/v1/keys', { key: management });
    lastRequestId = last.headers.get('request-id')!;
    await balanceAtRest(key);
    facts = await ear.stop();
    const vendorKeys = (await exchangesSince(firstExchange)).flatMap(({ headers }) => [
      headers['x-api-key'],
      headers['x-goog-api-key'],
      headers['authorization']?.replace('Bearer ', ''),
    ]);
    const sent = [...new Set(vendorKeys)].filter((vendorKey) => vendorKey !== undefined);
    expect(sent.length).toBeGreaterThan(3);
    secrets = [canary, key, management, ...sent];
  }, 60_000);
  afterAll(async () => {
    traces.stop();
    await forgetVendorFailures();
  });

  it('is in no log line, at the level that says most', async () => {
    await eventually(async () => (readLogs().includes(lastRequestId) ? true : undefined));
    expect(searchLogs(secrets)).toEqual([]);
  });

  it('is in no trace', async () => {
    await eventually(async () => traces.bodies.some((body) => body.includes(lastRequestId)) || undefined);
    expect(found('trace', traces.bodies.join('\n'), secrets)).toEqual([]);
  });

  it('is in no fact on its way and in no stream', () => {
    expect(facts.some((fact) => fact.includes('"requestId"'))).toBe(true);
    expect(searchFacts(facts, secrets)).toEqual([]);
  });

  it('is in no table', async () => {
    expect(await searchTables(secrets)).toEqual([]);
  });

  it('is in no key of Redis', async () => {
    expect(await searchRedis(secrets)).toEqual([]);
  });

  it('is in no metric', async () => {
    const admins = Object.entries(running().services).filter(([name]) => name.endsWith('-admin'));
    const pages = await Promise.all(admins.map(async ([, admin]) => (await fetch(`${admin}/metrics`)).text()));
    expect(pages.join('\n')).toContain('gw_');
    expect(found('metric', pages.join('\n'), secrets)).toEqual([]);
  });
});

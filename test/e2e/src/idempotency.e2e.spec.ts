import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { balanceAtRest, newCustomer, type Customer } from './accounts.js';
import { holdsOf, lapseHolds, query } from './ledger.js';
import { callGateway, eventually, gateway } from './platform.js';
import { processOf, signal, untilReplaced } from './processes.js';
import { clearFaults, exchangesSince, lastExchangeId, release, stats } from './simulator.js';
import { chatWire, geminiWire, messagesWire, responsesWire, type Wire } from './wires.js';

/** Each protocol on the raw lane and one that is translated, streaming and whole. */
const wires = [true, false].flatMap((stream) => [
  messagesWire('claude-haiku-4-5', stream),
  chatWire('gpt-5-4', stream),
  chatWire('claude-haiku-4-5', stream),
  responsesWire('gpt-5-4', stream),
  geminiWire('gemini-2-5-flash', stream),
]);

let customer: Customer;
let firstExchange: number;
beforeAll(async () => {
  customer = await newCustomer('100.00');
  firstExchange = await lastExchangeId();
});
afterEach(async () => {
  await clearFaults();
  await release();
});

interface Told {
  readonly status: number;
  readonly id: string | null;
  readonly replayed: boolean;
  readonly text: string;
}

const newName = (): string => crypto.randomUUID();

async function ask(wire: Wire, prompt: string, name?: string, init: RequestInit = {}): Promise<Told> {
  const response = await callGateway(wire.path, {
    method: 'POST',
    key: customer.key,
    body: JSON.stringify(wire.body(prompt)),
    ...init,
    headers: { 'content-type': 'application/json', ...(name !== undefined && { 'idempotency-key': name }) },
  });
  const { status, headers } = response;
  const replayed = headers.get('idempotent-replayed') === 'true';
  return { status, id: headers.get('request-id'), replayed, text: await response.text() };
}

/** How often a vendor was asked something with this word in it. */
const vendorCalls = async (word: string): Promise<number> =>
  (await exchangesSince(firstExchange)).filter(({ bodyBase64 }) =>
    Buffer.from(bodyBase64, 'base64').toString().includes(word),
  ).length;

/** The ids of charged requests among those of this customer that the book knows, once nothing is held any more. */
async function charged(): Promise<readonly string[]> {
  await balanceAtRest(customer.key, 30_000);
  const holds = await holdsOf(customer.accountId);
  return holds.filter((hold) => BigInt(hold.charged) > 0n).map(({ request_id: id }) => id);
}

describe.each(wires)('a named request: $name', (wire) => {
  it('is answered once, and again the same from what is kept', async () => {
    const [name, word] = [newName(), newName()];
    const first = await ask(wire, `say: ${word}`, name);
    const again = await ask(wire, `say: ${word}`, name);
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(wire.isTerminated(first.text)).toBe(true);
    expect(again).toEqual({ ...first, replayed: true });
    expect(await vendorCalls(word)).toBe(1);
    expect((await charged()).filter((id) => id === first.id)).toHaveLength(1);
  });

  it('is one call of a vendor and one charge for twenty that come at once', async () => {
    const [name, word] = [newName(), newName()];
    const before = (await charged()).length;
    const gate = `gate-${word}`;
    const asked = Array.from({ length: 20 }, () => ask(wire, `[[fault: hold=${gate}]]\nsay: ${word}`, name));
    await eventually(async () => ((await stats()).waiting[gate] === 1 ? true : undefined));
    await release(gate);
    const told = await Promise.all(asked);
    expect(new Set(told.map(({ status, id, text }) => `${status} ${id} ${text}`)).size).toBe(1);
    expect(told.map(({ replayed }) => replayed).filter((replayed) => !replayed)).toEqual([false]);
    expect(wire.isTerminated(told[0]!.text)).toBe(true);
    expect(await vendorCalls(word)).toBe(1);
    expect((await charged()).length - before).toBe(1);
  });

  it('is run anew after a failure, and refused with another body', async () => {
    const [name, word] = [newName(), newName()];
    const prompt = `[[fault: status=400 times=1]]\nsay: ${word}`;
    const first = await ask(wire, prompt, name);
    expect(first.status).toBe(400);
    const second = await ask(wire, prompt, name);
    expect(second).toMatchObject({ status: 200, replayed: false });
    expect(second.id).not.toBe(first.id);
    const conflict = await ask(wire, `${prompt}!`, name);
    expect([conflict.status, wire.isRefusal(conflict.text)]).toEqual([409, true]);
    expect(conflict.text).toMatch(/idempotency_conflict|conflict_error|ABORTED/);
    expect(await ask(wire, prompt, name)).toEqual({ ...second, replayed: true });
  });
});

describe('requests without a name', () => {
  it('are never merged, however equal', async () => {
    const word = newName();
    const [wire] = wires;
    const told = await Promise.all([ask(wire!, `say: ${word}`), ask(wire!, `say: ${word}`)]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
    expect(await vendorCalls(word)).toBe(2);
  });
});

describe('a name', () => {
  it('tells no vendor, and is in no table as it was sent', async () => {
    const [name, word] = [newName(), newName()];
    await ask(wires[0]!, `say: ${word}`, name);
    const exchanges = await exchangesSince(firstExchange);
    expect(JSON.stringify(exchanges.map(({ headers }) => headers))).not.toContain(name);
    const rows = await query<{ row: string }>('SELECT a::text AS row FROM idempotency.answer a');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ row }) => row.includes(name) || row.includes(word))).toEqual([]);
  });

  it('stands for a count too', async () => {
    const body = () => ({ model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'say: counted' }] });
    const wire = { ...wires[0]!, path: '/v1/messages/count_tokens', body };
    const name = newName();
    const first = await ask(wire, 'say: counted', name);
    expect(first.status).toBe(200);
    expect(await ask(wire, 'say: counted', name)).toEqual({ ...first, replayed: true });
  });
});

describe('a client that leaves in the middle', () => {
  it('pays for what it got, and its repeat runs', async () => {
    const [name, word] = [newName(), newName()];
    const wire = messagesWire('claude-haiku-4-5', true);
    const prompt = `[[fault: drip=20 times=1]]\nsay: ${`${word} `.repeat(20)}`;
    const leaving = new AbortController();
    const response = await callGateway(wire.path, {
      method: 'POST',
      key: customer.key,
      headers: { 'content-type': 'application/json', 'idempotency-key': name },
      body: JSON.stringify(wire.body(prompt)),
      signal: leaving.signal,
    });
    const reader = response.body!.getReader();
    for (let pieces = 0; pieces < 8; pieces += 1) await reader.read();
    leaving.abort();
    const again = await ask(wire, prompt, name);
    expect(again).toMatchObject({ status: 200, replayed: false });
    expect(wire.isTerminated(again.text)).toBe(true);
    const paid = await charged();
    expect(paid).toEqual(expect.arrayContaining([response.headers.get('request-id'), again.id]));
  });
});

/** Sends the header, as its own retries would: the official SDK makes a name for each call where a header is set. */
class NamingOpenAI extends OpenAI {
  protected override idempotencyHeader = 'Idempotency-Key';
}

describe('the official SDKs', () => {
  const openai = () => new NamingOpenAI({ baseURL: `${gateway}/v1`, apiKey: customer.key, maxRetries: 0 });
  const anthropic = () => new Anthropic({ baseURL: gateway, apiKey: customer.key, maxRetries: 0 });

  it('read the kept answer of a Chat completion, and of a stream', async () => {
    const word = newName();
    const body = { model: 'gpt-5-4', messages: [{ role: 'user' as const, content: `say: ${word}` }] };
    const name = { idempotencyKey: newName() };
    const first = await openai().chat.completions.create(body, name);
    expect(await openai().chat.completions.create(body, name)).toEqual(first);
    const streamName = { idempotencyKey: newName() };
    const text = async () => {
      let said = '';
      const chunks = await openai().chat.completions.create({ ...body, stream: true }, streamName);
      for await (const { choices } of chunks) said += choices[0]?.delta.content ?? '';
      return said;
    };
    expect([await text(), await text()]).toEqual([word, word]);
    expect(await vendorCalls(word)).toBe(2);
  });

  it('read the kept answer of a message, and of a stream', async () => {
    const word = newName();
    const body = {
      model: 'claude-haiku-4-5',
      max_tokens: 256,
      messages: [{ role: 'user' as const, content: `say: ${word}` }],
    };
    const whole = { headers: { 'Idempotency-Key': newName() } };
    const streaming = { headers: { 'Idempotency-Key': newName() } };
    const message = () => anthropic().messages.create(body, whole);
    const streamed = () => anthropic().messages.stream(body, streaming).finalMessage();
    const [first, again] = [await message(), await message()];
    expect(again).toEqual(first);
    expect((await streamed()).id).toBe((await streamed()).id);
    expect(await vendorCalls(word)).toBe(2);
  });

  it('do not ask again after a conflict, although they take a 409 for a lock', async () => {
    const client = new NamingOpenAI({ baseURL: `${gateway}/v1`, apiKey: customer.key, maxRetries: 3 });
    const idempotencyKey = newName();
    const asking = (content: string) =>
      client.chat.completions.create({ model: 'gpt-5-4', messages: [{ role: 'user', content }] }, { idempotencyKey });
    await asking('say: one');
    const thrown: unknown = await asking('say: two').catch((error: unknown) => error);
    expect(thrown).toMatchObject({ status: 409, code: 'idempotency_conflict' });
  });

  it('get one charge for a call that they gave up and tried again', async () => {
    const word = newName();
    const before = (await charged()).length;
    const gate = `gate-${word}`;
    const client = new NamingOpenAI({ baseURL: `${gateway}/v1`, apiKey: customer.key, maxRetries: 1, timeout: 2_000 });
    const completion = await client.chat.completions.create({
      model: 'gpt-5-4',
      messages: [{ role: 'user', content: `[[fault: hold=${gate} times=1]]\nsay: ${word}` }],
    });
    expect(completion.choices[0]?.message.content).toBe(word);
    expect((await charged()).length - before).toBe(1);
  });
});

describe('a gateway that is killed under a named request', () => {
  /** The repeat's hold is ended by its fact, which is on its way; what lapses is to be the hold of the killed one alone. */
  const untilOneIsHeld = () =>
    eventually(async () => {
      const held = (await holdsOf(customer.accountId)).filter(({ state }) => state === 'held');
      return held.length <= 1 ? true : undefined;
    });

  it('leaves it to a repeat, once its lease has run out, and one of the two is charged', async () => {
    const [name, word] = [newName(), newName()];
    const wire = messagesWire('claude-haiku-4-5', true);
    const gate = `gate-${word}`;
    const prompt = `[[fault: hold=${gate} times=1]]\nsay: ${word}`;
    const before = (await charged()).length;
    const lost = ask(wire, prompt, name).catch(() => undefined);
    await eventually(async () => ((await stats()).waiting[gate] === 1 ? true : undefined));
    const victim = processOf('ingress');
    await untilReplaced(victim, signal(victim, 'SIGKILL'));
    expect(await lost).toBeUndefined();
    const again = await eventually(async () => {
      const told = await ask(wire, prompt, name).catch(() => undefined);
      return told?.status === 200 ? told : undefined;
    }, 30_000);
    expect(again.replayed).toBe(false);
    expect(wire.textOf(again.text)).toBe(word);
    expect(await ask(wire, prompt, name)).toEqual({ ...again, replayed: true });
    await untilOneIsHeld();
    await lapseHolds(customer.accountId);
    expect((await charged()).length - before).toBe(1);
  });
});

describe('a store that is killed under a named request', () => {
  it('has the answer when it is back, and then there is a charge for it', async () => {
    const [name, word] = [newName(), newName()];
    const wire = chatWire('gpt-5-4', true);
    const gate = `gate-${word}`;
    const prompt = `[[fault: hold=${gate}]]\nsay: ${word}`;
    const before = (await charged()).length;
    const first = ask(wire, prompt, name);
    await eventually(async () => ((await stats()).waiting[gate] === 1 ? true : undefined));
    const pid = signal('postgres', 'SIGKILL');
    await release(gate);
    const told = await first;
    expect([told.status, wire.textOf(told.text)]).toEqual([200, word]);
    await untilReplaced('postgres', pid);
    const again = await eventually(async () => {
      const reply = await ask(wire, prompt, name);
      return reply.status === 200 ? reply : undefined;
    }, 30_000);
    expect(again).toEqual({ ...told, replayed: true });
    expect(await vendorCalls(word)).toBe(1);
    expect((await charged()).length - before).toBe(1);
  });
});

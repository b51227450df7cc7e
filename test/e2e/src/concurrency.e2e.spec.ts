import { changeAccount, createKey, GROUPS, newCustomer } from './accounts.js';
import { answerOf, untilAnswered } from './answers.js';
import { openGate, untilWaiting, waitingAtGate } from './bursts.js';
import { verifyLedger } from './ledger.js';
import { callGateway, eventually } from './platform.js';
import { signal, untilReplaced } from './processes.js';
import { chatWire, geminiWire, messagesWire, responsesWire } from './wires.js';

const chat = chatWire('gpt-5-4', false);
const WAITING = '[[fault: hold=burst]]\ncount to 3';
/** A failure that says nothing of the vendor's health, so that no circuit opens for other specs. */
const FAILING = '[[fault: status=400]]\ncount to 3';

describe('requests in flight of an account', () => {
  const TOLD = {
    messages: { type: 'error', error: { type: 'rate_limit_error' } },
    openAi: { error: { type: 'rate_limit_error', code: 'concurrency_limit' } },
    gemini: { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } },
  } as const;
  const asking = [
    { wire: messagesWire('claude-haiku-4-5', true), dialect: 'messages' },
    { wire: chatWire('claude-sonnet-4-6', true), dialect: 'openAi' },
    { wire: responsesWire('gpt-5-4', true), dialect: 'openAi' },
    { wire: geminiWire('gemini-2-5-flash', true), dialect: 'gemini' },
  ] as const;
  afterEach(openGate);

  it('are five of a free account, over all its keys, and one more is told to come back in a second', async () => {
    const { key, management } = await newCustomer('5.00', GROUPS.default, { tier: 'free' });
    const other = await createKey(management, GROUPS.default);
    const running = Array.from({ length: 40 }, (_, at) => answerOf(chat, at % 2 === 0 ? key : other, WAITING));
    await untilWaiting(5);
    for (const { wire, dialect } of asking) {
      const answer = await answerOf(wire, other);
      expect([answer.status, JSON.parse(answer.body)]).toMatchObject([429, TOLD[dialect]]);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.headers).not.toHaveProperty('x-should-retry');
      if (dialect === 'gemini') expect(answer.body).toContain('"retryDelay":"1s"');
    }
    // What is free is not counted.
    const count = { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'Hi' }] };
    const counted = await callGateway('/v1/messages/count_tokens', {
      method: 'POST',
      key,
      body: JSON.stringify(count),
    });
    expect(counted.status).toBe(200);
    expect(await waitingAtGate()).toBe(5);
    await openGate();
    const statuses = (await Promise.all(running)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(35);
    expect((await answerOf(chat, key)).status).toBe(200);
  });

  it('may be as many as there are places, one after the other without a pause, and nobody is refused', async () => {
    const { key } = await newCustomer('5.00', GROUPS.default, { tier: 'free' });
    const worker = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (let round = 0; round < 4; round += 1)
        for (const { wire } of asking) statuses.push((await answerOf(wire, key)).status);
      return statuses;
    };
    const all = (await Promise.all(Array.from({ length: 5 }, worker))).flat();
    expect(all).toEqual(Array.from({ length: 80 }, () => 200));
  });

  it('are as many as the tier or the account says, from the next request on', async () => {
    const { key, accountId } = await newCustomer('5.00', GROUPS.default, { tier: 'free' });
    const running = Array.from({ length: 5 }, () => answerOf(chat, key, WAITING));
    await untilWaiting(5);
    expect((await answerOf(chat, key)).status).toBe(429);
    await changeAccount(accountId, { tier: 'pro' });
    await untilAnswered(chat, key, 200);
    await changeAccount(accountId, { concurrency: 5 });
    await untilAnswered(chat, key, 429);
    await changeAccount(accountId, { concurrency: null });
    await untilAnswered(chat, key, 200);
    await openGate();
    await Promise.all(running);
  });

  it('give their places back when they fail and when their clients leave', async () => {
    const { key } = await newCustomer('5.00', GROUPS.default, { tier: 'free' });
    const left = new AbortController();
    const leaving = Array.from({ length: 3 }, () =>
      callGateway(chat.path, {
        method: 'POST',
        key,
        body: JSON.stringify(chat.body(WAITING)),
        signal: left.signal,
      }).then(
        () => 'answered',
        () => 'left',
      ),
    );
    await untilWaiting(3);
    left.abort();
    expect(await Promise.all(leaving)).toEqual(['left', 'left', 'left']);
    for (let time = 0; time < 6; time += 1) expect((await answerOf(chat, key, FAILING)).status).toBe(400);
    const running = Array.from({ length: 5 }, () => answerOf(chat, key, WAITING));
    await eventually(async () => ((await waitingAtGate()) >= 5 ? true : undefined));
    await openGate();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('are counted on by whoever has them while Redis is killed and comes back with nothing', async () => {
    const { key } = await newCustomer('5.00', GROUPS.default, { tier: 'free' });
    const running = Array.from({ length: 5 }, () => answerOf(chat, key, WAITING));
    await untilWaiting(5);
    await untilReplaced('redis', signal('redis', 'SIGKILL'));
    expect((await answerOf(chat, key)).status).toBe(429);
    await openGate();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await answerOf(chat, key)).status).toBe(200);
  });

  it('leave a ledger that verifies', async () => {
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });
});

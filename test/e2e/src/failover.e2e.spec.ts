import { callGateway, eventually, postJson } from './platform.js';
import { clearFaults, exchangesSince, lastExchangeId } from './simulator.js';

const ask = (content: string, extra: object = {}) =>
  postJson('/v1/messages', {
    model: 'claude-haiku-4-5',
    max_tokens: 4096,
    messages: [{ role: 'user', content }],
    ...extra,
  });

const errorEvent = /event: error\ndata: \{"type":"error"/;

describe('a vendor in trouble', () => {
  afterEach(clearFaults);

  it('is asked once more after a passing failure, unseen by the client', async () => {
    const before = await lastExchangeId();
    const response = await ask(`[[fault: status=500 times=1]]\nsay: well ${Math.random()}`);
    expect(response.status).toBe(200);
    expect((await exchangesSince(before)).map(({ status }) => status)).toEqual([500, 200]);
  });

  it.each([
    { name: 'a cut', fault: 'cut=6' },
    { name: 'a missing terminator', fault: 'no-terminator' },
    { name: 'an error event', fault: 'stream-error=6' },
    { name: 'a malformed event', fault: 'malformed=6' },
  ])('never ends as if all were well after $name', async ({ fault }) => {
    const response = await ask(`[[fault: ${fault}]]\ncount to 100`, { stream: true });
    let text = '';
    const decoder = new TextDecoder();
    const reading = (async () => {
      for await (const chunk of response.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
    })();
    await expect(reading).rejects.toThrow();
    expect(text).toMatch(errorEvent);
    expect(text).not.toContain('message_stop');
  });

  it('is left in the middle of its answer when the client leaves', async () => {
    const before = await lastExchangeId();
    const response = await ask('[[fault: drip=50]]\nwords 4000', { stream: true });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    // The whole answer would take minutes.
    const exchange = await eventually(async () => {
      const [found] = await exchangesSince(before);
      return found?.closedByPeerAtMs === undefined ? undefined : found;
    });
    expect(Buffer.from(exchange.sentBase64, 'base64').toString()).not.toContain('message_stop');
  });

  it('answers 429 with a small Retry-After when it is limited and there is nowhere else to go', async () => {
    const response = await ask('[[fault: status=429 retry-after=2]]\nsay: x');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
    // The credential cools down for as long as the vendor said; the next request waits for it.
    await eventually(async () => ((await ask('say: back')).status === 200 ? true : undefined), 15_000);
  });

  it('still lets the account look at itself', async () => {
    expect((await callGateway('/v1/balance')).status).toBe(200);
    expect((await callGateway('/api/v1/me/available-models')).status).toBe(200);
  });
});

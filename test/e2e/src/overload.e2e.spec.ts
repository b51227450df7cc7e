import { randomBytes } from 'node:crypto';

import { balanceAtRest, newCustomer, type Customer } from './accounts.js';
import { eventually, gateway } from './platform.js';
import { ask } from './readings.js';
import { exchangesSince, lastExchangeId, release, stats } from './simulator.js';
import { dechunk, openRaw } from './sockets.js';
import { chatWire, countTo, messagesWire, wires } from './wires.js';

const STREAMS = 200;
const BAD_KEYS = 1_000;
const streaming = wires.filter(({ stream }) => stream);

describe('a platform under load', () => {
  let customer: Customer;
  beforeAll(async () => {
    customer = await newCustomer('10000.00');
  });
  afterAll(() => release());

  it(`carries ${STREAMS} streams at once and loses, doubles and reorders nothing`, async () => {
    const asking = Array.from({ length: STREAMS }, (_, index) => {
      const last = 60 + index;
      return ask({
        wire: streaming[index % streaming.length]!,
        key: customer.key,
        prompt: `[[fault: drip=10 hold=crowd hold-after=5]]\ncount to ${last}`,
        expected: countTo(last),
      });
    });
    // All of them are in mid-stream before any may go on.
    await eventually(async () => ((await stats()).waiting['crowd'] === STREAMS ? true : undefined), 30_000);
    await release('crowd');
    const readings = await Promise.all(asking);
    expect(readings.filter(({ verdict }) => verdict !== 'whole')).toEqual([]);
    await balanceAtRest(customer.key);
  });

  it('holds the vendor back while a reader stands still, lets others pass, and loses nothing of it', async () => {
    const wire = chatWire('gpt-5-5', true);
    const last = 40_000;
    // In pieces, because the simulated vendor then waits for its socket before it makes the next.
    const body = { ...wire.body(`[[fault: chunk=65536]]\ncount to ${last}`), max_completion_tokens: 128_000 };
    const before = await lastExchangeId();
    const request = { path: wire.path, key: customer.key, body: JSON.stringify(body) };
    const stalled = await openRaw(request);
    stalled.socket.pause();
    const sentToStalled = async (): Promise<number> => {
      const [exchange] = await exchangesSince(before);
      return exchange ? Buffer.from(exchange.sentBase64, 'base64').length : 0;
    };
    await eventually(async () => ((await sentToStalled()) > 0 ? true : undefined));
    // The same answer, asked for later by a reader who reads, overtakes it: the stalled one has had its time.
    const reading = await openRaw(request);
    await reading.closed;
    expect(wire.textOf(dechunk(reading.received()))).toBe(countTo(last));
    const others = await Promise.all(
      streaming.map((other) => ask({ wire: other, key: customer.key, prompt: 'count to 100', expected: countTo(100) })),
    );
    expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'whole'));
    const heldAt = await sentToStalled();

    stalled.socket.resume();
    await stalled.closed;
    const answer = dechunk(stalled.received());
    expect(wire.textOf(answer)).toBe(countTo(last));
    // Two hops' socket buffers of up to 4 MiB each, which no program sees, and one window: far from the whole answer.
    expect(heldAt).toBeLessThan(answer.length / 2);
  });

  it('does not wait for ever for a body that comes drop by drop', async () => {
    const path = '/v1/messages';
    const dripping = await openRaw({ path, key: customer.key, body: '{"model":', promised: 10_000 });
    const drops = setInterval(() => dripping.socket.write(' '), 100);
    await dripping.closed;
    clearInterval(drops);
    const [head = '', body = ''] = dripping.received().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(JSON.parse(body)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  it(`turns ${BAD_KEYS} bad keys away while a good one is served as always`, async () => {
    const wire = messagesWire('claude-haiku-4-5', true);
    let left = BAD_KEYS;
    const statuses: number[] = [];
    const intruder = async (): Promise<void> => {
      while (left-- > 0) {
        const authorization = `Bearer sk-byts-${randomBytes(24).toString('base64url')}`;
        const init = { method: 'POST', headers: { authorization }, body: JSON.stringify(wire.body('say: in')) };
        const response = await fetch(`${gateway}${wire.path}`, init);
        statuses.push(response.status);
        await response.text();
      }
    };
    const intruders = Promise.all(Array.from({ length: 50 }, intruder));
    const readings = [];
    while (left > 0)
      readings.push(await ask({ wire, key: customer.key, prompt: 'count to 50', expected: countTo(50) }));
    await intruders;
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(statuses).toHaveLength(BAD_KEYS);
    expect(readings.length).toBeGreaterThan(0);
    expect(readings.filter(({ verdict }) => verdict !== 'whole')).toEqual([]);
    await balanceAtRest(customer.key);
  });
});

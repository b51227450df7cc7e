import type { Exchange } from './exchange.js';
import { createOpenExchanges } from './open-exchanges.js';

const exchange = () => ({ response: { shouldKeepAlive: true } }) as Exchange;

describe('the open exchanges', () => {
  it('keep no more body bytes than they may, and give them back', () => {
    const exchanges = createOpenExchanges(100);
    const [one, other] = [exchange(), exchange()];
    exchanges.enter(one);
    exchanges.enter(other);
    exchanges.reserve(one, 60);
    expect(() => exchanges.reserve(other, 41)).toThrow('too many large bodies');
    exchanges.leave(one);
    exchanges.reserve(other, 100);
  });

  it('close connections of those that run and of those that come', () => {
    const exchanges = createOpenExchanges();
    const [running, coming] = [exchange(), exchange()];
    exchanges.enter(running);
    exchanges.closeConnections();
    exchanges.enter(coming);
    expect([running.response.shouldKeepAlive, coming.response.shouldKeepAlive]).toEqual([false, false]);
  });

  it('wait for the last to leave, within the limit', async () => {
    const exchanges = createOpenExchanges();
    const last = exchange();
    exchanges.enter(last);
    await exchanges.idle(5);
    const idle = exchanges.idle(60_000);
    exchanges.leave(last);
    await idle;
  });
});

import type { Exchange } from '../http/exchange.js';
import { createOpenExchanges } from '../http/open-exchanges.js';
import { replayAnswer } from './replay-answer.js';

const KEPT = { requestId: 'first', status: 200, headers: [], body: Buffer.from('seventeen letters') };
const UNASKED = {
  billing: { accounting: () => Promise.reject(new Error('the head is out: nothing is left to tell')) },
  timings: { accountingMs: 1 },
};

describe('a kept answer that is given again', () => {
  it('is refused where the process keeps as many bodies as it may, however patient its readers are', async () => {
    const exchanges = createOpenExchanges(2 * KEPT.body.length);
    const response = { headersSent: true, write: () => true, end: () => undefined, once: () => undefined };
    const repeat = (): unknown => ({ dialect: 'openai-chat', query: '', response });
    const replay = (exchange: unknown) =>
      replayAnswer(exchange as Exchange, KEPT, { stream: true, ports: { ...UNASKED, exchanges } });
    await replay(repeat());
    await replay(repeat());
    await expect(replay(repeat())).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

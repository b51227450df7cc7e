import { book, type HandlersFor } from '@bytespike/contracts';

import { CUSTOMER, runConsole, type ConsoleUnderTest } from '../testing/run-console.js';

type Handlers = HandlersFor<typeof book>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];

describe("operators' hand on the book", () => {
  const corrections: Asked<'correct'>[] = [];
  const queries: Asked<'listQuarantine'>[] = [];
  const verdicts: Asked<'decideQuarantine'>[] = [];
  let underTest: ConsoleUnderTest;

  beforeAll(async () => {
    underTest = await runConsole(({ bus }) =>
      bus.serve(book, {
        correct: async (correction) => {
          corrections.push(correction);
          return { accountId: 'acc_1', available: 5_000_000_000n };
        },
        listQuarantine: async (query) => {
          queries.push(query);
          const decision = { charged: 1n, note: 'fair', actor: 'olga', at: 0 };
          const fact = {
            requestId: 'r1',
            accountId: 'acc_1',
            why: 'quarantined',
            held: 2_000n,
            fact: { model: 'm' },
            at: 0,
          };
          return { facts: [query.decided ? { ...fact, decision } : fact], nextCursor: 'further' };
        },
        decideQuarantine: async (verdict) => {
          verdicts.push(verdict);
          return { accountId: 'acc_1', available: 4_000_000_000n };
        },
      }),
    );
  });
  afterAll(() => underTest.stop());

  const send: ConsoleUnderTest['send'] = (...asked) => underTest.send(...asked);

  it('gives back a charge, naming the operator', async () => {
    const body = { request_id: 'r1', amount_usd: '0.5', reason: 'our fault', transaction_id: 'ticket 7' };
    expect(await send('POST', 'corrections', body)).toEqual({
      status: 200,
      body: { account_id: 'acc_1', available_usd: '5.00' },
    });
    expect(corrections).toEqual([
      { requestId: 'r1', amount: 500_000_000n, reason: 'our fault', transactionId: 'ticket 7', actor: 'olga' },
    ]);
  });

  it('lists doubted facts by page, and those that were decided when asked', async () => {
    const fact = {
      request_id: 'r1',
      account_id: 'acc_1',
      why: 'quarantined',
      held_usd: '0.000002',
      fact: { model: 'm' },
    };
    const created_at = '1970-01-01T00:00:00.000Z';
    expect(await send('GET', 'quarantine')).toEqual({
      status: 200,
      body: { data: [{ ...fact, created_at, decision: null }], next_cursor: 'further' },
    });
    const { body } = await send('GET', 'quarantine?decided=true&limit=2&cursor=further');
    expect(body).toMatchObject({
      data: [{ decision: { charged_usd: '0.000000001', note: 'fair', actor: 'olga', created_at } }],
    });
    expect(queries).toEqual([
      { decided: false, limit: 50 },
      { decided: true, limit: 2, cursor: 'further' },
    ]);
  });

  it('dismisses a doubted fact, or charges what is stated', async () => {
    await send('POST', 'quarantine/r1/decision', { decision: 'dismissed', reason: 'nonsense' });
    const charged = { decision: 'charged', charge_usd: '0.25', reason: 'as the vendor says' };
    expect(await send('POST', 'quarantine/r2/decision', charged)).toMatchObject({ status: 200 });
    expect(verdicts).toEqual([
      { requestId: 'r1', charge: 0n, reason: 'nonsense', actor: 'olga' },
      { requestId: 'r2', charge: 250_000_000n, reason: 'as the vendor says', actor: 'olga' },
    ]);
  });

  it.each([
    ['a correction without a reason', 'POST', 'corrections', { request_id: 'r', amount_usd: '1', transaction_id: 't' }],
    ['a charge without an amount', 'POST', 'quarantine/r/decision', { decision: 'charged', reason: 'so' }],
    ['another decision', 'POST', 'quarantine/r/decision', { decision: 'forgotten', reason: 'so' }],
    ['a page too large', 'GET', 'quarantine?limit=1000', undefined],
  ])('refuses %s', async (_name, method, path, body) => {
    expect(await send(method, path, body)).toMatchObject({ status: 400 });
  });

  it('lets no customer in', async () => {
    expect(await send('GET', 'quarantine', undefined, CUSTOMER)).toMatchObject({ status: 403 });
    expect(await send('POST', 'corrections', {}, 'nobody')).toMatchObject({ status: 401 });
  });
});

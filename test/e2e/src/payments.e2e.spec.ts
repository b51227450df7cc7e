import { balanceAtRest, balanceOf, credit, nano, newCustomer, type Customer } from './accounts.js';
import { query, verifyLedger } from './ledger.js';
import {
  orderDelivery,
  payOtherwise,
  refundPayment,
  releaseDeliveries,
  resendEvent,
  stripeEvents,
} from './payments.js';
import { callGateway, eventually, platform, postJson, running } from './platform.js';
import { processOf, signal, untilReplaced } from './processes.js';
import { clearFaults, injectFault } from './simulator.js';

interface TopUp {
  readonly id: string;
  readonly status: string;
  readonly amount_usd: string;
  readonly bonus_usd: string;
  readonly total_usd: string;
  readonly url: string | null;
  readonly instructions: string | null;
}

let customer: Customer;

const startTopUp = async (body: object, key = customer.management): Promise<TopUp> => {
  const response = await postJson('/api/v1/me/billing/topups', body, { authorization: `Bearer ${key}` });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as TopUp;
};
const readTopUp = async (id: string): Promise<TopUp> =>
  (await (await callGateway(`/api/v1/me/billing/topups/${id}`, { key: customer.key })).json()) as TopUp;
const whenStatus = (id: string, status: string): Promise<TopUp> =>
  eventually(async () => {
    const topUp = await readTopUp(id);
    return topUp.status === status ? topUp : undefined;
  });
const pay = (topUp: TopUp) => fetch(topUp.url!, { method: 'POST', redirect: 'manual' });
const available = async (): Promise<bigint> => (await balanceOf(customer.key)).available;

const creditsOf = (transactionId: string) =>
  query<{ kind: string; amount: string; bonus: string; balance_after: string; source: { receipt_id: string } }>(
    'SELECT kind, amount, bonus, balance_after, source FROM ledger.credit WHERE transaction_id = $1',
    [transactionId],
  );
const legsOf = async (reference: string): Promise<readonly string[]> =>
  (
    await query<{ leg: string }>(
      "SELECT account_id || ' ' || amount AS leg FROM ledger.entry WHERE reference = $1 ORDER BY amount",
      [reference],
    )
  ).map(({ leg }) => leg);
const paymentOf = async (topUp: TopUp): Promise<string> => (await creditsOf(`topup:${topUp.id}`))[0]!.source.receipt_id;
const sessionOf = async (topUp: TopUp): Promise<string> => {
  const [row] = await query<{ reference: string }>('SELECT reference FROM payment.checkout WHERE id = $1', [topUp.id]);
  return row!.reference;
};
const toldOf = (subject: string, accountId: string) =>
  query<{ payload: Record<string, string>; published_at: Date | null }>(
    "SELECT payload, published_at FROM ledger.outbox WHERE subject = $1 AND payload->>'accountId' = $2 ORDER BY id",
    [subject, accountId],
  );

describe('payments', () => {
  beforeAll(async () => {
    customer = await newCustomer('1.00');
  });
  afterAll(clearFaults);
  afterEach(async () => {
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });

  it('lands in the wallet as one movement of two lines, and is told on the bus', async () => {
    const before = await available();
    const topUp = await startTopUp({ amount_usd: '100.00' });
    expect(topUp).toMatchObject({ status: 'open', amount_usd: '100.00', bonus_usd: '5.00', total_usd: '105.00' });
    expect((await pay(topUp)).status).toBe(303);
    expect(await whenStatus(topUp.id, 'paid')).toMatchObject({ url: null });
    expect((await available()) - before).toBe(nano('105.00'));
    const reference = `topup:${topUp.id}`;
    expect(await legsOf(reference)).toEqual([
      'platform:funding -100000000000',
      'platform:promotion -5000000000',
      `${customer.accountId} 105000000000`,
    ]);
    expect(await creditsOf(reference)).toMatchObject([
      { kind: 'topup', amount: '105000000000', bonus: '5000000000', source: { provider: 'stripe', method: 'card' } },
    ]);
    const { items } = (await (await callGateway('/api/v1/me/billing/transactions', { key: customer.key })).json()) as {
      items: object[];
    };
    expect(items[0]).toMatchObject({
      ...{ id: reference, kind: 'topup', amount_usd: '105.00', source: { provider: 'stripe', method: 'card' } },
      line_items: [
        { type: 'principal', amount_usd: '100.00' },
        { type: 'bonus', amount_usd: '5.00' },
      ],
    });
    const [told] = await eventually(async () => {
      const facts = await toldOf('wallet.v1.topped-up', customer.accountId);
      return facts[0]?.published_at ? facts : undefined;
    });
    expect(told!.payload).toMatchObject({ transactionId: reference, amount: '105000000000', bonus: '5000000000' });
  });

  it('is credited once, however often and in whatever order the news come', async () => {
    await orderDelivery('duplicate', 'checkout.session.completed');
    const before = await available();
    const topUp = await startTopUp({ amount_usd: 20 });
    await pay(topUp);
    await whenStatus(topUp.id, 'paid');
    const session = await sessionOf(topUp);
    const [event] = (await stripeEvents()).filter(({ body }) => body.includes(session));
    await resendEvent(event!.id);
    await eventually(async () => {
      const found = (await stripeEvents()).find(({ id }) => id === event!.id);
      return found!.tries.filter(({ answer }) => answer === 200).length === 3 ? true : undefined;
    });
    expect((await available()) - before).toBe(nano('20.60'));
    expect(await creditsOf(`topup:${topUp.id}`)).toHaveLength(1);
  });

  it('takes back what is refunded, and the share of the bonus with it, when the refund is told first too', async () => {
    const before = await available();
    const topUp = await startTopUp({ amount_usd: '500.00' });
    await orderDelivery('hold', 'checkout.session.completed');
    await orderDelivery('hold', 'charge.refunded');
    await orderDelivery('hold', 'refund.created');
    const { payment_intent: payment } = await payOtherwise(await sessionOf(topUp), {});
    await refundPayment(payment, 10_000);
    await eventually(async () =>
      (await stripeEvents()).some(({ type, body }) => type === 'charge.refunded' && body.includes(payment))
        ? true
        : undefined,
    );
    expect(await releaseDeliveries('reversed')).toBe(3);
    await whenStatus(topUp.id, 'paid');
    // 500.00 and 40.00 came, 100.00 and 8.00 went.
    await eventually(async () => ((await available()) - before === nano('432.00') ? true : undefined));
    await refundPayment(payment);
    await whenStatus(topUp.id, 'refunded');
    expect(await available()).toBe(before);
  });

  it('overdraws nobody for a refund of what is spent: the loss is ours', async () => {
    const poor = await newCustomer('1.00');
    const topUp = await startTopUp({ amount_usd: '20.00' }, poor.management);
    await pay(topUp);
    await eventually(async () => ((await balanceOf(poor.key)).available === nano('21.60') ? true : undefined));
    await credit(poor.accountId, '-16.60');
    await refundPayment(await paymentOf(topUp));
    await eventually(async () => ((await balanceOf(poor.key)).available === 0n ? true : undefined));
    const [refund] = await query<{ transaction_id: string }>(
      "SELECT transaction_id FROM ledger.credit WHERE account_id = $1 AND kind = 'refund'",
      [poor.accountId],
    );
    expect(await legsOf(refund!.transaction_id)).toEqual([
      'platform:refund-loss -15000000000',
      `${poor.accountId} -5000000000`,
      'platform:refund 20000000000',
    ]);
  });

  it.each([
    { name: 'another amount', other: { amount_total: 1_999 } },
    { name: 'another currency', other: { currency: 'eur' } },
  ])('moves no money for $name, and leaves it to an operator', async ({ other }) => {
    const before = await available();
    const topUp = await startTopUp({ amount_usd: '20.00' });
    await payOtherwise(await sessionOf(topUp), other);
    await whenStatus(topUp.id, 'review');
    expect(await available()).toBe(before);
  });

  it.each(['wrong-signature', 'stale-signature'] as const)('refuses news with a %s', async (fault) => {
    const topUp = await startTopUp({ amount_usd: '5.00' });
    await orderDelivery(fault, 'checkout.session.completed');
    await pay(topUp);
    // The retry is signed as it should be.
    await whenStatus(topUp.id, 'paid');
    const session = await sessionOf(topUp);
    // The money may have been found by asking, before the retry came or was written down.
    const tries = await eventually(async () => {
      const event = (await stripeEvents()).find(({ body }) => body.includes(session));
      return event && event.tries.length > 1 ? event.tries : undefined;
    });
    expect(tries.map(({ answer }) => answer)).toEqual([400, 200]);
  });

  it('finds a payment whose news were lost, and one that nobody made', async () => {
    const topUp = await startTopUp({ amount_usd: '5.00' });
    await orderDelivery('lose', 'checkout.session.completed');
    await pay(topUp);
    await whenStatus(topUp.id, 'paid');
    const given = await startTopUp({ amount_usd: '5.00' });
    const expired = await fetch(
      `${platform.services['provider-sim']}/v1/checkout/sessions/${await sessionOf(given)}/expire`,
      { method: 'POST', headers: { authorization: 'Bearer sim-stripe-key' } },
    );
    expect(expired.status).toBe(200);
    await whenStatus(given.id, 'expired');
  });

  it('waits for a provider that does not answer, and then does what it missed', async () => {
    const before = await available();
    const topUp = await startTopUp({ amount_usd: '5.00' });
    await injectFault({ vendor: 'stripe', fault: 'status=500', times: 6 });
    await pay(topUp);
    await whenStatus(topUp.id, 'paid');
    expect((await available()) - before).toBe(nano('5.00'));
    await clearFaults();
  });

  it('credits once when the ledger dies between the news and the money', async () => {
    const before = (await balanceAtRest(customer.key)).available;
    const topUp = await startTopUp({ amount_usd: '100.00' });
    const ledger = processOf('billing-ledger');
    await orderDelivery('hold', 'checkout.session.completed');
    await pay(topUp);
    const session = await sessionOf(topUp);
    const news = async () => (await stripeEvents()).find(({ body }) => body.includes(session));
    await eventually(news);
    const killed = signal(ledger, 'SIGKILL');
    await releaseDeliveries('as-made');
    await untilReplaced(ledger, killed);
    await whenStatusThroughRestart(topUp.id);
    // Whether the news or the sweep came first to a ledger that lives, both have come now, and the money came once.
    await eventually(async () => ((await news())?.tries.some(({ answer }) => answer === 200) ? true : undefined));
    expect((await balanceAtRest(customer.key)).available - before).toBe(nano('105.00'));
  });

  it('takes a transfer when an operator has seen it, once per receipt', async () => {
    const before = await available();
    const topUp = await startTopUp({ amount_usd: '1000.00', method: 'bank_transfer' });
    expect(topUp).toMatchObject({ url: null, instructions: expect.stringContaining(topUp.id) });
    const receipt = crypto.randomUUID();
    const confirm = (id: string, body: object) => operate(`topups/${id}/confirm`, body);
    expect(await confirm(topUp.id, { receipt_id: receipt, amount_usd: '999.00' })).toMatchObject({ status: 400 });
    const confirmed = () => confirm(topUp.id, { receipt_id: receipt, amount_usd: '1000.00' });
    expect([await confirmed(), await confirmed()]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect((await available()) - before).toBe(nano('1112.00'));
    const other = await startTopUp({ amount_usd: '1000.00', method: 'bank_transfer' });
    expect(await confirm(other.id, { receipt_id: receipt, amount_usd: '1000.00' })).toMatchObject({ status: 409 });
    expect(await confirm(topUp.id, { receipt_id: 'other', amount_usd: '1000.00' })).toMatchObject({ status: 409 });
    const refunded = () => operate(`topups/${topUp.id}/refund`, {});
    expect([await refunded(), await refunded()]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(await available()).toBe(before);
  });

  it.each(['4.99', '1250.01', '20.001'])('refuses a top-up of %s before anybody is asked', async (amount) => {
    await expect(startTopUp({ amount_usd: amount })).rejects.toThrow(/^400 .*amount_usd/);
  });

  it("keeps one account's top-ups from another", async () => {
    const topUp = await startTopUp({ amount_usd: '5.00' });
    const stranger = await callGateway(`/api/v1/me/billing/topups/${topUp.id}`);
    expect(stranger.status).toBe(404);
  });

  it('tells once that a balance is low, and again after it was not', async () => {
    const owner = await newCustomer('20.00');
    const response = await callGateway('/api/v1/me/notifications/threshold', {
      method: 'PUT',
      key: owner.management,
      body: JSON.stringify({ threshold_usd: '10.00' }),
    });
    expect(await response.json()).toEqual({ low_balance_threshold_usd: '10.00' });
    const told = () => toldOf('wallet.v1.balance-low', owner.accountId);
    const toldTimes = (times: number) =>
      eventually(async () => {
        const facts = await told();
        return facts.length === times && facts.every(({ published_at }) => published_at !== null) ? facts : undefined;
      });
    await credit(owner.accountId, '-12.00');
    expect((await toldTimes(1))[0]!.payload).toMatchObject({ threshold: '10000000000', balance: '8000000000' });
    const account = await (await callGateway('/api/v1/me/account', { key: owner.key })).json();
    expect(account).toMatchObject({ balance: { low_balance_threshold_usd: '10.00', low_balance_flagged: true } });
    await credit(owner.accountId, '-1.00');
    await credit(owner.accountId, '5.00');
    await eventually(async () => {
      const [row] = await query<{ is_low: boolean }>('SELECT is_low FROM ledger.account WHERE id = $1', [
        owner.accountId,
      ]);
      return row!.is_low ? undefined : true;
    });
    await credit(owner.accountId, '-5.00');
    await toldTimes(2);
  });
});

/** The gateway may be in the process that was killed. */
const whenStatusThroughRestart = (id: string): Promise<true> =>
  eventually(async () => ((await readTopUp(id).catch(() => undefined))?.status === 'paid' ? true : undefined));

const operate = async (path: string, body: object): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${running().services['console-api']}/api/v1/admin/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.keys.operator}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

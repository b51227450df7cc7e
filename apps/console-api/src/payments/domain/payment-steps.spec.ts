import type { Checkout } from '../checkout.js';
import type { PaymentState, Refund } from '../payment-provider.js';
import { paymentSteps } from './payment-steps.js';

const checkout: Checkout = {
  ...{ id: 'top_1', accountId: 'acc_1', provider: 'stripe', reference: 'cs_1', status: 'open' },
  ...{ amount: 100_000_000_000n, bonus: 5_000_000_000n, createdAt: 0, completedAt: undefined },
};
const paid = (refunds: readonly Refund[] = [], change: object = {}): PaymentState => ({
  ...{ kind: 'paid', amount: checkout.amount, currency: 'usd', receiptId: 'pi_1', refunds },
  ...change,
});
const topUp = { transactionId: 'topup:top_1', receiptId: 'pi_1', principal: 100_000_000_000n, bonus: 5_000_000_000n };

describe('what follows from the state of a payment', () => {
  it('is nothing while it is open', () => {
    expect(paymentSteps(checkout, { kind: 'open' })).toEqual({ kind: 'wait' });
    expect(paymentSteps(checkout, { kind: 'expired' })).toEqual({ kind: 'expire' });
  });

  it('is the top-up as it was asked for', () => {
    expect(paymentSteps(checkout, paid())).toEqual({ kind: 'pay', topUp, refunds: [], status: 'paid' });
  });

  it('is every refund, each with its share of the bonus, after the top-up that they belong to', () => {
    const refunds = [
      { id: 're_2', amount: 99_000_000_000n },
      { id: 're_1', amount: 1_000_000_000n },
    ];
    expect(paymentSteps(checkout, paid(refunds))).toEqual({
      kind: 'pay',
      topUp,
      refunds: [
        { transactionId: 'refund:top_1:re_2', receiptId: 're_2', principal: 99_000_000_000n, bonus: 4_950_000_000n },
        { transactionId: 'refund:top_1:re_1', receiptId: 're_1', principal: 1_000_000_000n, bonus: 50_000_000n },
      ],
      status: 'refunded',
    });
    expect(paymentSteps(checkout, paid(refunds.slice(1)))).toMatchObject({ status: 'paid' });
  });

  it.each([
    { name: 'less', state: paid([], { amount: 99_990_000_000n }) },
    { name: 'more', state: paid([], { amount: 100_010_000_000n }) },
    { name: 'another currency', state: paid([], { currency: 'eur' }) },
    { name: 'back more than was paid', state: paid([{ id: 're_1', amount: 100_010_000_000n }]) },
  ])('is a look by an operator when somebody paid $name', ({ state }) => {
    expect(paymentSteps(checkout, state)).toMatchObject({ kind: 'review' });
  });
});

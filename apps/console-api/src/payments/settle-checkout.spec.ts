import { GatewayError } from '@bytespike/kernel';

import type { Payment } from '../wallets.js';
import type { Checkout, CheckoutStatus } from './checkout.js';
import type { PaymentProvider, PaymentState } from './payment-provider.js';
import { followCheckout } from './settle-checkout.js';

const USD = 1_000_000_000n;

/** Payments over a wallet that is a list, a checkout that is a variable, and a provider who says what it is told to. */
function payments(state: PaymentState, lost = 0n) {
  const moved: string[] = [];
  const logged: string[] = [];
  let checkout: Checkout = {
    ...{ id: 'top_1', accountId: 'acc_1', provider: 'stripe', reference: 'cs_1', status: 'open' },
    ...{ amount: 20n * USD, bonus: 600_000_000n, createdAt: 0, completedAt: undefined },
  };
  const provider: PaymentProvider = {
    name: 'stripe',
    open: () => Promise.resolve({ reference: 'cs_1' }),
    page: () => Promise.resolve(undefined),
    state: () => Promise.resolve(state),
  };
  const move = ({ transactionId, principal, bonus }: Payment): void => {
    moved.push(`${transactionId} ${principal}+${bonus}`);
  };
  const ports = {
    providers: { stripe: provider, manual: undefined },
    checkouts: {
      conclude: (_id: string, from: readonly CheckoutStatus[], status: CheckoutStatus) => {
        if (from.includes(checkout.status)) checkout = { ...checkout, status };
        return Promise.resolve();
      },
    },
    wallets: {
      topUp: (payment: Payment) => Promise.resolve(move(payment)),
      refund: (payment: Payment) => {
        move(payment);
        return Promise.resolve(lost);
      },
    },
    now: () => 0,
    logger: {
      warn: (_fields: object, text: string) => logged.push(text),
      error: (_fields: object, text: string) => logged.push(text),
    },
  };
  return { moved, logged, ports, follow: () => followCheckout(checkout, ports), now: () => checkout };
}

const paid: PaymentState = { kind: 'paid', amount: 20n * USD, currency: 'usd', receiptId: 'pi_1', refunds: [] };

describe('following a checkout', () => {
  it('moves the wallet first and says then that it is paid, so that a death in between is made good', async () => {
    const { moved, ports, follow, now } = payments(paid);
    const conclude = ports.checkouts.conclude;
    ports.checkouts.conclude = () => Promise.reject(new Error('killed'));
    await expect(follow()).rejects.toThrow('killed');
    expect([moved.length, now().status]).toEqual([1, 'open']);
    ports.checkouts.conclude = conclude;
    await follow();
    expect(new Set(moved)).toEqual(new Set(['topup:top_1 20000000000+600000000']));
    expect(now().status).toBe('paid');
  });

  it('says nothing is paid when the ledger cannot answer', async () => {
    const { ports, follow, now } = payments(paid);
    ports.wallets.topUp = () => Promise.reject(new GatewayError('unavailable', 'the ledger is away'));
    await expect(follow()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(now().status).toBe('open');
  });

  it('expires one that was opened for nobody, without asking', async () => {
    const { moved, ports, now } = payments(paid);
    await followCheckout({ ...now(), reference: undefined }, ports);
    expect([moved, now().status]).toEqual([[], 'expired']);
  });

  it('takes refunds after the top-up, and speaks of what is lost', async () => {
    const { moved, logged, follow, now } = payments(
      { ...paid, refunds: [{ id: 're_1', amount: 20n * USD }] },
      3n * USD,
    );
    await follow();
    expect(moved).toEqual(['topup:top_1 20000000000+600000000', 'refund:top_1:re_1 20000000000+600000000']);
    expect([logged.length, now().status]).toEqual([1, 'refunded']);
  });

  it('leaves to an operator what is not what was asked for, loudly', async () => {
    const { moved, logged, follow, now } = payments({ ...paid, currency: 'eur' });
    await follow();
    expect([moved, logged.length, now().status]).toEqual([[], 1, 'review']);
  });

  it('does not go back when old news come late', async () => {
    const { ports, follow, now } = payments(paid);
    await follow();
    ports.providers.stripe.state = () => Promise.resolve({ kind: 'expired' });
    await follow();
    expect(now().status).toBe('paid');
  });

  it('leaves alone what a provider has who is switched off', async () => {
    const { ports, now } = payments(paid);
    await followCheckout(now(), { ...ports, providers: { stripe: undefined, manual: undefined } });
    expect(now().status).toBe('open');
  });
});

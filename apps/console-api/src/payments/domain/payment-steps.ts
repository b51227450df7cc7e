import type { NanoUsd } from '@bytespike/kernel';
import { bonusShare } from '@bytespike/pricing';

import type { Checkout, CheckoutStatus } from '../checkout.js';
import type { PaymentState } from '../payment-provider.js';

/** Principal and bonus of one movement, under an id that makes a repeat harmless. */
export interface PaymentStep {
  readonly transactionId: string;
  readonly receiptId: string;
  readonly principal: NanoUsd;
  readonly bonus: NanoUsd;
}

export type PaymentSteps =
  | { readonly kind: 'wait' }
  | { readonly kind: 'expire' }
  /** What was paid is not what was asked for: nobody's wallet moves until somebody has looked. */
  | { readonly kind: 'review'; readonly why: string }
  | {
      readonly kind: 'pay';
      readonly topUp: PaymentStep;
      readonly refunds: readonly PaymentStep[];
      readonly status: Extract<CheckoutStatus, 'paid' | 'refunded'>;
    };

/** How the transactions of payments begin; no other may. */
export const PAYMENT_NAMES = ['topup:', 'refund:'] as const;
const [TOP_UP, REFUND] = PAYMENT_NAMES;

const CURRENCY = 'usd';

/**
 * What follows from the state of a payment: all of it from the beginning, since the ledger ignores what it has done. So it
 * does not matter which news came first, came twice or never came.
 */
export function paymentSteps(checkout: Checkout, state: PaymentState): PaymentSteps {
  if (state.kind === 'open') return { kind: 'wait' };
  if (state.kind === 'expired') return { kind: 'expire' };
  if (state.currency !== CURRENCY) return { kind: 'review', why: `paid in ${state.currency}` };
  if (state.amount !== checkout.amount)
    return { kind: 'review', why: `paid ${state.amount}, asked for ${checkout.amount} nano-USD` };
  const refunded = state.refunds.reduce((sum, { amount }) => sum + amount, 0n);
  if (refunded > checkout.amount) return { kind: 'review', why: `${refunded} nano-USD went back, more than was paid` };
  const topUp = { principal: checkout.amount, bonus: checkout.bonus };
  return {
    kind: 'pay',
    topUp: { transactionId: `${TOP_UP}${checkout.id}`, receiptId: state.receiptId, ...topUp },
    refunds: state.refunds.map(({ id, amount }) => ({
      transactionId: `${REFUND}${checkout.id}:${id}`,
      receiptId: id,
      principal: amount,
      bonus: bonusShare(amount, topUp),
    })),
    status: refunded === checkout.amount ? 'refunded' : 'paid',
  };
}

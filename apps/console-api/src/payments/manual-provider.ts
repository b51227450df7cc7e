import { formatUsd } from '@bytespike/kernel';

import type { Checkout } from './checkout.js';
import type { OpenedPayment, PaymentProvider } from './payment-provider.js';

/** Banks are slow, and people slower. */
const OPEN_DAYS_MAX = 30;
const DAY_MS = 86_400_000;

/** A bank transfer that an operator confirms when it has arrived. Nobody can be asked about it, so it stays open until then. */
export function createManualProvider(transferText: string, now: () => number): PaymentProvider {
  const opened = ({ id, amount }: Checkout): OpenedPayment => ({
    reference: id,
    instructions: `${transferText} Amount: ${formatUsd(amount)} USD. Reference: ${id}.`,
  });
  return {
    name: 'manual',
    open: (checkout) => Promise.resolve(opened(checkout)),
    page: (checkout) => Promise.resolve(opened(checkout)),
    state: ({ createdAt }) =>
      Promise.resolve({ kind: now() - createdAt > OPEN_DAYS_MAX * DAY_MS ? 'expired' : 'open' }),
  };
}

import type { HandlersFor, payments, TopUp, wallet } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

const topUp: TopUp = {
  id: 'top-1',
  method: 'card',
  status: 'open',
  amount: 100_000_000_000n,
  bonus: 5_000_000_000n,
  url: 'https://pay.example/top-1',
  createdAt: 1_700_000_000_000,
};

/** Console-api's payments with one top-up; what is asked for is echoed. */
export const paymentsHandlers = (): HandlersFor<typeof payments> => ({
  startTopUp: async ({ amount, method }) => ({ ...topUp, amount, method: method ?? 'card' }),
  readTopUp: async ({ topUpId }) => {
    if (topUpId !== topUp.id) throw new GatewayError('not-found', 'There is no such top-up.');
    const { url: _paid, ...rest } = topUp;
    return { ...rest, status: 'paid', completedAt: 1_700_000_060_000 };
  },
});

/** The ledger's wallets, of which ingress needs a threshold alone. */
export const walletHandlers = (): HandlersFor<typeof wallet> => ({
  topUp: async () => ({ available: 0n }),
  refund: async () => ({ available: 0n, taken: 0n, lost: 0n }),
  setLowBalance: async () => ({}),
});

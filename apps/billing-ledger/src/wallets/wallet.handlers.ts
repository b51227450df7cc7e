import type { HandlersFor, wallet } from '@bytespike/contracts';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';

import { paymentSource, type MoveResult, type WalletMove } from '../domain/wallet-move.js';
import type { Grants } from '../admission/grants.js';
import type { Wallet } from '../store/ledger-store.js';
import type { WalletStore } from './wallet-store.js';

export interface WalletPorts {
  readonly store: WalletStore;
  readonly grants: Pick<Grants, 'forget' | 'giveBack'>;
  readonly wallets: { submit(accountId: string): Promise<Wallet> };
}

type Payment = Parameters<HandlersFor<typeof wallet>['topUp']>[0];

/** Payments in and out of wallets. What they bring is decided where they are taken; here it is posted, once. */
export const walletHandlers = (ports: WalletPorts): HandlersFor<typeof wallet> => ({
  topUp: async (payment) => {
    assertSigns(payment);
    const { available } = await post(ports, { ...moveOf(payment), kind: 'topup' });
    return { available };
  },

  refund: async (payment) => {
    assertSigns(payment);
    const { principal, bonus, accountId } = payment;
    // What grants hold back and no request needs is there to be taken.
    const { available: before } = await ports.wallets.submit(accountId);
    if (before < principal + bonus) await ports.grants.giveBack(accountId);
    const move = { ...moveOf(payment), kind: 'refund' as const, principal: -principal, bonus: -bonus };
    const { available, amount, bonus: bonusMoved } = await post(ports, move);
    return { available, taken: -amount, lost: principal + (amount - bonusMoved) };
  },

  setLowBalance: async ({ accountId, threshold }) => {
    if (threshold !== undefined && threshold < 0n)
      throw new GatewayError('invalid-request', 'A wallet is never below zero, so no threshold is.');
    await ports.store.setLowBalance(accountId, threshold);
    return {};
  },
});

type Moved = Extract<MoveResult, { readonly available: NanoUsd }>;

async function post({ store, grants }: WalletPorts, move: WalletMove): Promise<Moved> {
  const result = await store.move(move);
  if (result.kind === 'conflict')
    throw new GatewayError('conflict', 'This transaction id was used for another payment.');
  if (result.kind === 'uncovered')
    throw new GatewayError('insufficient-credit', 'The wallet does not cover this payment.');
  grants.forget(move.accountId);
  return result;
}

const moveOf = ({ source, ...payment }: Payment): Omit<WalletMove, 'kind'> => ({
  ...payment,
  source: paymentSource(source),
});

function assertSigns({ principal, bonus }: Payment): void {
  if (principal <= 0n || bonus < 0n)
    throw new GatewayError('invalid-request', 'A payment is of more than nothing, and its bonus of no less.');
}

import type { Bus } from '@bytespike/bus';
import { billing, wallet, type HandlersFor } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import { callContext } from './call-context.js';

export interface Credit {
  /** Makes a repeat harmless. */
  readonly transactionId: string;
  readonly accountId: string;
  /** Negative debits. */
  readonly amount: NanoUsd;
  readonly reason: string;
  readonly actor: string;
}

/** Money that came or went with a payment. */
export interface Payment {
  readonly transactionId: string;
  readonly accountId: string;
  readonly principal: NanoUsd;
  readonly bonus: NanoUsd;
  readonly provider: string;
  readonly receiptId: string;
  readonly method: string;
  readonly reason: string;
  readonly actor: string;
}

type LedgerPayment = Parameters<HandlersFor<typeof wallet>['topUp']>[0];

/** The hand of operators and payments on a wallet; the ledger alone moves the money. */
export class Wallets {
  constructor(private readonly bus: Bus) {}

  /** Resolves to what is available afterwards. */
  async credit(credit: Credit): Promise<NanoUsd> {
    const { available } = await this.bus.client(billing).credit(credit, callContext());
    return available;
  }

  async topUp(payment: Payment): Promise<void> {
    await this.bus.client(wallet).topUp(ledgerPayment(payment), callContext());
  }

  /** Resolves to what the wallet no longer had: our loss. */
  async refund(payment: Payment): Promise<NanoUsd> {
    const { lost } = await this.bus.client(wallet).refund(ledgerPayment(payment), callContext());
    return lost;
  }
}

const ledgerPayment = ({ provider, receiptId, method, ...payment }: Payment): LedgerPayment => ({
  ...payment,
  source: { provider, receiptId, method },
});

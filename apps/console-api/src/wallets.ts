import type { Bus } from '@bytespike/bus';
import { billing } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';
import { ulid } from 'ulid';

const CALL_LIMIT_MS = 5_000;

export interface Credit {
  /** Makes a repeat harmless. */
  readonly transactionId: string;
  readonly accountId: string;
  /** Negative debits. */
  readonly amount: NanoUsd;
  readonly reason: string;
  readonly actor: string;
}

/** Operators' hand on a wallet; the ledger alone moves the money. */
export class Wallets {
  constructor(private readonly bus: Bus) {}

  /** Resolves to what is available afterwards. */
  async credit(credit: Credit): Promise<NanoUsd> {
    const signal = AbortSignal.timeout(CALL_LIMIT_MS);
    const context = { requestId: ulid(), deadline: Date.now() + CALL_LIMIT_MS, signal };
    const { available } = await this.bus.client(billing).credit(credit, context);
    return available;
  }
}

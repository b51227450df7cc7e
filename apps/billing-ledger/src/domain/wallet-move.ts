import { wallet, type PaymentSource } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import { PLATFORM } from './platform-accounts.js';

/** Money into a wallet or out of it, for a reason that is no request. */
export interface WalletMove {
  readonly transactionId: string;
  readonly accountId: string;
  readonly kind: MoveKind;
  /** Negative takes from the wallet. */
  readonly principal: NanoUsd;
  /** What we gave on top, or with a refund take back: of the same sign. */
  readonly bonus: NanoUsd;
  readonly source: MoveSource | undefined;
  readonly reason: string;
  readonly actor: string;
}

/** As the credit's row keeps it (contract 11.3). */
export type MoveSource = Readonly<Record<string, string>>;

export type MoveResult =
  | {
      readonly kind: 'moved' | 'repeated';
      readonly available: NanoUsd;
      /** What the wallet received, bonus included: with a refund, less was taken than asked where there was less. */
      readonly amount: NanoUsd;
      readonly bonus: NanoUsd;
    }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'uncovered' };

interface MoveRule {
  /** The kind of its legs. */
  readonly entry: string;
  /** The other side of the principal; that of the bonus is always `platform:promotion`. */
  readonly against: string;
  /** What becomes of an amount that the wallet does not have. */
  readonly beyond: 'refused' | 'lost';
  /** The fact that tells of it. */
  readonly subject: string;
}

/** How each kind of movement is booked. */
export const MOVES = {
  admin_credit: { entry: 'credit', against: PLATFORM.funding, beyond: 'refused', subject: wallet.credited.subject },
  admin_debit: { entry: 'credit', against: PLATFORM.funding, beyond: 'refused', subject: wallet.credited.subject },
  topup: { entry: 'topup', against: PLATFORM.funding, beyond: 'refused', subject: wallet.toppedUp.subject },
  refund: { entry: 'refund', against: PLATFORM.refund, beyond: 'lost', subject: wallet.refunded.subject },
  correction: {
    entry: 'correction',
    against: PLATFORM.correction,
    beyond: 'refused',
    subject: wallet.credited.subject,
  },
} as const satisfies Record<string, MoveRule>;

export type MoveKind = keyof typeof MOVES;

/** A payment as the credit's row names it. */
export const paymentSource = ({ provider, receiptId, method }: PaymentSource): MoveSource => ({
  provider,
  receipt_id: receiptId,
  method,
});

import type { PaymentMethod } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

export type ProviderName = 'stripe' | 'manual';

/** How customers pay by way of each provider. */
export const PAYMENT_METHODS = {
  stripe: 'card',
  manual: 'bank_transfer',
} as const satisfies Record<ProviderName, PaymentMethod>;

/** `open` may become any other; `paid` may be refunded; `review` waits for an operator. */
export type CheckoutStatus = 'open' | 'paid' | 'expired' | 'refunded' | 'review';

/** One top-up as it is kept: what was asked for, and what the provider says became of it. */
export interface Checkout {
  readonly id: string;
  readonly accountId: string;
  readonly provider: ProviderName;
  /** The provider's name for it; absent until the provider has opened it. */
  readonly reference: string | undefined;
  readonly amount: NanoUsd;
  readonly bonus: NanoUsd;
  readonly status: CheckoutStatus;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly completedAt: number | undefined;
}

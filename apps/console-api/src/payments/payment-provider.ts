import type { NanoUsd } from '@bytespike/kernel';

import type { Checkout, ProviderName } from './checkout.js';

/** What a provider has opened for somebody who wants to pay. */
export interface OpenedPayment {
  readonly reference: string;
  /** Where to pay. */
  readonly url?: string | undefined;
  /** How to pay where there is no page. */
  readonly instructions?: string | undefined;
}

export interface Refund {
  /** The provider's name for it. */
  readonly id: string;
  readonly amount: NanoUsd;
}

/** What has become of a payment, as a whole: never a step of it, because news of steps come late, twice and in any order. */
export type PaymentState =
  | { readonly kind: 'open' }
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'paid';
      readonly amount: NanoUsd;
      /** ISO 4217, lower case. */
      readonly currency: string;
      /** As on the customer's receipt. */
      readonly receiptId: string;
      /** Money that has gone back. */
      readonly refunds: readonly Refund[];
    };

/**
 * Whoever takes a customer's money for us. Methods reject with `unavailable` when the provider cannot answer: then nothing
 * is known, and the caller asks again.
 */
export interface PaymentProvider {
  readonly name: ProviderName;
  /** Opens a checkout at the provider. Repeated for the same checkout, it answers what was opened the first time. */
  open(checkout: Checkout): Promise<OpenedPayment>;
  /** Where an open checkout can be paid, for somebody who asks again. */
  page(checkout: Checkout): Promise<OpenedPayment | undefined>;
  state(checkout: Checkout): Promise<PaymentState>;
}

export type PaymentProviders = Readonly<Record<ProviderName, PaymentProvider | undefined>>;

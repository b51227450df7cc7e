import type { Checkout } from './checkout.js';
import type { CheckoutStore } from './checkout-store.js';
import type { PaymentLogger } from './settle-checkout.js';

export interface SweepPorts {
  readonly checkouts: Pick<CheckoutStore, 'openSince'>;
  readonly follow: (checkout: Checkout) => Promise<void>;
  readonly now: () => number;
  readonly logger: Pick<PaymentLogger, 'warn'>;
}

const PAGE = 100;

/**
 * Asks about every checkout that is still open after a while: a webhook that never came, or came while we could not act, must
 * not cost a customer money. One that cannot be followed now does not keep others waiting.
 */
export async function sweepCheckouts(
  olderThanMs: number,
  { checkouts, follow, now, logger }: SweepPorts,
): Promise<void> {
  let after = '';
  for (;;) {
    const page = await checkouts.openSince(now() - olderThanMs, after, PAGE);
    for (const checkout of page)
      await follow(checkout).catch((error: unknown) =>
        logger.warn({ err: error, checkout: checkout.id }, 'a checkout cannot be followed now'),
      );
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last.id;
  }
}

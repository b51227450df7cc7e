import type { PaymentMethod, TopUp } from '@bytespike/contracts';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';
import { topUpBonus, topUpRefusal, type TopUpRefusal } from '@bytespike/pricing';
import { ulid } from 'ulid';

import { PAYMENT_METHODS, type Checkout } from './checkout.js';
import type { CheckoutStore } from './checkout-store.js';
import type { OpenedPayment, PaymentProvider, PaymentProviders } from './payment-provider.js';

export interface TopUpPorts {
  readonly checkouts: CheckoutStore;
  readonly providers: PaymentProviders;
}

/** A script that starts top-ups and pays none is stopped here; people pay one, or give up and start another. */
const OPEN_MAX = 20;

const REFUSALS = {
  'below-min': 'amount_usd: the least that can be topped up is 5 USD.',
  'above-max': 'amount_usd: one top-up brings at most 1,250 USD; make several.',
  'not-whole-cents': 'amount_usd: must be whole cents.',
} as const satisfies Record<TopUpRefusal, string>;

/** Opens a checkout for what an account wants to pay. The bonus is that of now, whenever it is paid. */
export async function startTopUp(
  { accountId, amount, method }: { accountId: string; amount: NanoUsd; method?: PaymentMethod | undefined },
  { checkouts, providers }: TopUpPorts,
): Promise<TopUp> {
  const refusal = topUpRefusal(amount);
  if (refusal) throw new GatewayError('invalid-request', REFUSALS[refusal]);
  const provider = providerOf(providers, method);
  if ((await checkouts.countOpen(accountId)) >= OPEN_MAX)
    throw new GatewayError('conflict', `${OPEN_MAX} top-ups are open: pay one, or wait until they have expired.`);
  const bonus = topUpBonus(amount);
  const checkout = await checkouts.create({ id: `top_${ulid()}`, accountId, provider: provider.name, amount, bonus });
  const opened = await provider.open(checkout);
  await checkouts.setReference(checkout.id, opened.reference);
  return viewTopUp(checkout, opened);
}

/** A top-up of this account; while it is open, with the way to pay it. */
export async function readTopUp(
  { accountId, topUpId }: { accountId: string; topUpId: string },
  { checkouts, providers }: TopUpPorts,
): Promise<TopUp> {
  const checkout = await checkouts.findOf(accountId, topUpId);
  if (!checkout) throw new GatewayError('not-found', 'There is no such top-up.');
  const provider = providers[checkout.provider];
  const page = checkout.status === 'open' && checkout.reference !== undefined && (await provider?.page(checkout));
  return viewTopUp(checkout, page || undefined);
}

function providerOf({ stripe, manual }: PaymentProviders, method: PaymentMethod | undefined): PaymentProvider {
  const offered = [stripe, manual].filter((provider) => provider !== undefined);
  const provider = offered.find(({ name }) => method === undefined || PAYMENT_METHODS[name] === method);
  if (!provider) throw new GatewayError('unsupported', `method: ${method ?? 'no way to pay'} is not offered here.`);
  return provider;
}

const viewTopUp = (checkout: Checkout, page: OpenedPayment | undefined): TopUp => {
  const { id, provider, status, amount, bonus, createdAt, completedAt } = checkout;
  const { url, instructions } = page ?? {};
  return { id, method: PAYMENT_METHODS[provider], status, amount, bonus, url, instructions, createdAt, completedAt };
};

import { GatewayError, type NanoUsd } from '@bytespike/kernel';

import type { Checkout } from './checkout.js';
import type { CheckoutStore } from './checkout-store.js';
import type { Refund } from './payment-provider.js';
import { settleCheckout, type SettlePorts } from './settle-checkout.js';

export interface TransferPorts extends SettlePorts {
  readonly checkouts: CheckoutStore;
}

export interface Transfer {
  readonly topUpId: string;
  /** As on the bank's statement: one transfer confirms one top-up. */
  readonly receiptId: string;
  readonly amount: NanoUsd;
}

/**
 * An operator has seen the money of a transfer. Repeating it changes nothing.
 * Errors: `not-found`, `invalid-request` for another amount, `conflict` for another receipt, or one that was used.
 */
export async function confirmTransfer(transfer: Transfer, actor: string, ports: TransferPorts): Promise<Checkout> {
  const checkout = await transferCheckout(transfer.topUpId, ports);
  if (checkout.amount !== transfer.amount)
    throw new GatewayError('invalid-request', 'amount_usd: is not what was asked for; credit what came by hand.');
  // Until it is confirmed a transfer goes by the checkout's own id.
  const isNamed = await ports.checkouts.rename(checkout.id, { from: checkout.id, to: transfer.receiptId });
  if (!isNamed && checkout.reference !== transfer.receiptId) throw otherReceipt();
  return settled({ ...checkout, reference: transfer.receiptId }, { refunds: [], actor }, ports);
}

/** A transfer has gone back as a whole; a part of one is an operator's debit. Errors: `not-found`, `conflict` when it was not paid. */
export async function refundTransfer(topUpId: string, actor: string, ports: TransferPorts): Promise<Checkout> {
  const checkout = await transferCheckout(topUpId, ports);
  if (checkout.status !== 'paid' && checkout.status !== 'refunded')
    throw new GatewayError('conflict', 'This top-up was not paid.');
  return settled(checkout, { refunds: [{ id: 'transfer', amount: checkout.amount }], actor }, ports);
}

async function transferCheckout(id: string, { checkouts }: TransferPorts): Promise<Checkout> {
  const checkout = await checkouts.find(id);
  if (!checkout) throw new GatewayError('not-found', 'There is no such top-up.');
  if (checkout.provider !== 'manual')
    throw new GatewayError('conflict', 'The payment provider says itself what became of this one.');
  return checkout;
}

async function settled(
  checkout: Checkout,
  { refunds, actor }: { readonly refunds: readonly Refund[]; readonly actor: string },
  ports: TransferPorts,
): Promise<Checkout> {
  const { id, amount, reference: receiptId = id } = checkout;
  const state = { kind: 'paid' as const, amount, currency: 'usd', receiptId, refunds };
  await settleCheckout({ checkout, state, actor }, ports);
  return (await ports.checkouts.find(id)) ?? checkout;
}

const otherReceipt = (): GatewayError =>
  new GatewayError('conflict', 'This top-up was confirmed by another receipt, or this receipt has confirmed another.');

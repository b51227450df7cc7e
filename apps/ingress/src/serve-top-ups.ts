import { PaymentMethod, type ClientFor, type payments, type TopUp, type wallet } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';
import { z } from 'zod';

import { authenticateAccount } from './authenticate.js';
import { readFields, UsdField } from './domain/read-fields.js';
import type { Exchange } from './http/exchange.js';
import { readJsonBody, requireManager, type ManagementPorts } from './manage-account.js';

export interface TopUpPorts extends ManagementPorts {
  readonly payments: ClientFor<typeof payments>;
  readonly wallet: Pick<ClientFor<typeof wallet>, 'setLowBalance'>;
}

const NewTopUp = z.strictObject({ amount_usd: UsdField, method: PaymentMethod.optional() });
const Threshold = z.strictObject({ threshold_usd: UsdField.nullable() });

/** `POST /api/v1/me/billing/topups`: opens a payment; the money lands when it is paid (contract 8.5). */
export async function startTopUp(exchange: Exchange, ports: TopUpPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { amount_usd: amount, method } = readFields(NewTopUp, await readJsonBody(exchange, ports));
  return topUpJson(await ports.payments.startTopUp({ accountId, amount, ...(method && { method }) }, exchange.context));
}

/** `GET /api/v1/me/billing/topups/{id}`: what has become of it. */
export async function readTopUp(exchange: Exchange, ports: TopUpPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  return topUpJson(await ports.payments.readTopUp({ accountId, topUpId: exchange.resource }, exchange.context));
}

/** `PUT /api/v1/me/notifications/threshold`: below which balance the owner is told; null is never (contract 11.1, 11.5). */
export async function setThreshold(exchange: Exchange, ports: TopUpPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { threshold_usd: threshold } = readFields(Threshold, await readJsonBody(exchange, ports));
  await ports.wallet.setLowBalance({ accountId, ...(threshold !== null && { threshold }) }, exchange.context);
  return { low_balance_threshold_usd: threshold === null ? null : formatUsd(threshold) };
}

const topUpJson = ({ id, method, status, amount, bonus, url, instructions, createdAt, completedAt }: TopUp) => ({
  id,
  method,
  status,
  amount_usd: formatUsd(amount),
  bonus_usd: formatUsd(bonus),
  /** What the wallet gets. */
  total_usd: formatUsd(amount + bonus),
  url: url ?? null,
  instructions: instructions ?? null,
  created_at: new Date(createdAt).toISOString(),
  completed_at: completedAt === undefined ? null : new Date(completedAt).toISOString(),
});

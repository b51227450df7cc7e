import {
  MovementKind,
  type account,
  type billing,
  type ClientFor,
  type routing,
  type statement,
} from '@bytespike/contracts';
import { formatUsd, GatewayError } from '@bytespike/kernel';

import { authenticateAccount, type AuthenticationPorts } from './authenticate.js';
import { accountJson } from './domain/account-json.js';
import { movementJson } from './domain/movement-json.js';
import { readPageSize, type PageSizes } from './domain/page-size.js';
import { readQuery } from './domain/read-query.js';
import { readTime } from './domain/read-time.js';
import type { Exchange } from './http/exchange.js';

export interface AccountPorts extends AuthenticationPorts {
  readonly account: ClientFor<typeof account>;
  readonly billing: ClientFor<typeof billing>;
  readonly routing: Pick<ClientFor<typeof routing>, 'listModels'>;
  readonly statement: Pick<ClientFor<typeof statement>, 'readWallet' | 'listMovements'>;
}

/** `GET /v1/balance`: what is left after holds (contract C2, 0.8). */
export async function readBalance(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const { available, held } = await ports.billing.balance({ accountId }, exchange.context);
  return { available_usd: formatUsd(available), held_usd: formatUsd(held), currency: 'USD' };
}

/** The pages of the account surface. */
export const ACCOUNT_PAGE: PageSizes = { usual: 50, max: 200, beyond: 'refused' };

/** `GET /api/v1/me/account`: who the caller is, what they have and what they may spend on which model (contract 11.1). */
export async function readAccount(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId, groupId, right } = await authenticateAccount(exchange, ports);
  const { context } = exchange;
  const [profile, wallet, reachable] = await Promise.all([
    ports.account.readProfile({ accountId }, context),
    ports.statement.readWallet({ accountId }, context),
    groupId === undefined ? [] : ports.routing.listModels({ groupId }, context).then(({ models }) => models),
  ]);
  const role = right === 'manage' ? 'owner' : 'member';
  return accountJson({ profile, wallet, role, reachable: reachable.map(({ id }) => id) });
}

/** `GET /api/v1/me/billing/transactions`: what the wallet received and gave apart from usage (contract 11.3). */
export async function listMovements(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const query = readQuery(exchange.query, ['page', 'page_size', 'since', 'until', 'kind']);
  const page = readPageSize(query, 'page', { usual: 1, max: 1_000_000, beyond: 'refused' });
  const pageSize = readPageSize(query, 'page_size', ACCOUNT_PAGE);
  const [since, until] = [readTime(query, 'since'), readTime(query, 'until')];
  const kind = readKind(query);
  const { items, total } = await ports.statement.listMovements(
    {
      ...{ accountId, page, pageSize },
      ...(kind !== undefined && { kind }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    },
    exchange.context,
  );
  return { items: items.map(movementJson), total, page, page_size: pageSize };
}

function readKind(query: URLSearchParams): MovementKind | undefined {
  const name = query.get('kind');
  if (name === null || name === '') return undefined;
  const kind = MovementKind.safeParse(name);
  if (kind.success) return kind.data;
  throw new GatewayError('invalid-request', `kind: must be one of ${MovementKind.options.join(', ')}`, {
    details: { param: 'kind' },
  });
}

/** The groups the caller's keys may be bound to. */
export async function listGroups(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const { groups } = await ports.account.listGroups({ accountId }, exchange.context);
  return { data: groups };
}

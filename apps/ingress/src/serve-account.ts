import type { account, billing, ClientFor, UsageRow } from '@bytespike/contracts';
import { formatUsd, GatewayError } from '@bytespike/kernel';
import type { z } from 'zod';

import { authenticateAccount, type AuthenticationPorts } from './authenticate.js';
import { readPageSize, type PageSizes } from './domain/page-size.js';
import type { Exchange } from './http/exchange.js';

export interface AccountPorts extends AuthenticationPorts {
  readonly account: ClientFor<typeof account>;
  readonly billing: ClientFor<typeof billing>;
}

/** `GET /v1/balance`: what is left after holds (contract C2, 0.8). */
export async function readBalance(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const { available, held } = await ports.billing.balance({ accountId }, exchange.context);
  return { available_usd: formatUsd(available), held_usd: formatUsd(held), currency: 'USD' };
}

/** The pages of the account surface. */
export const ACCOUNT_PAGE: PageSizes = { usual: 50, max: 200, beyond: 'refused' };

/** One row per billed call, newest first (contract C3). */
export async function listUsage(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const query = new URLSearchParams(exchange.query);
  const [keyId, model, cursor] = [query.get('api_key_id'), query.get('model'), query.get('cursor')];
  const [since, until] = [readTime(query, 'since'), readTime(query, 'until')];
  const { rows, nextCursor } = await ports.billing.listUsage(
    {
      accountId,
      limit: readPageSize(query, 'limit', ACCOUNT_PAGE),
      ...(keyId && { keyId }),
      ...(model && { model }),
      ...(cursor && { cursor }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    },
    exchange.context,
  );
  return { data: rows.map(usageRow), next_cursor: nextCursor ?? null };
}

/** The groups the caller's keys may be bound to. */
export async function listGroups(exchange: Exchange, ports: AccountPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const { groups } = await ports.account.listGroups({ accountId }, exchange.context);
  return { data: groups };
}

/** Epoch seconds or milliseconds, or a date: whatever a person pastes. Answers epoch milliseconds. */
function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const time = /^\d{1,11}$/.test(text)
    ? Number(text) * 1_000
    : /^\d{12,15}$/.test(text)
      ? Number(text)
      : Date.parse(text);
  // Before 1970 nothing was billed, and long before it a date is none to Postgres.
  if (!(time >= 0)) throw new GatewayError('invalid-request', `${name}: must be a date or epoch seconds`);
  return time;
}

function usageRow(row: z.output<typeof UsageRow>): object {
  const { requestId, createdAt, model, protocol, keyHint, tokens, cost, ending } = row;
  const { input, cacheRead, cacheWrite, output, reasoning } = tokens;
  return {
    request_id: requestId,
    created_at: new Date(createdAt).toISOString(),
    model,
    protocol,
    api_key: keyHint,
    tokens: { input, cache_read: cacheRead, cache_write: cacheWrite, output, reasoning },
    credits_usd: formatUsd(cost),
    outcome: ending,
  };
}

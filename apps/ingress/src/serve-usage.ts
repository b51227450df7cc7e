import {
  Grouping,
  type billing,
  type ClientFor,
  type routing,
  type statement,
  type UsageRow,
} from '@bytespike/contracts';
import { formatUsd, GatewayError } from '@bytespike/kernel';

import { authenticateAccount, type AuthenticationPorts } from './authenticate.js';
import { readPageSize } from './domain/page-size.js';
import { KEY_FILTERS, readKeyFilter, readQuery } from './domain/read-query.js';
import { readTime } from './domain/read-time.js';
import { usageReportJson } from './domain/usage-report-json.js';
import type { Exchange } from './http/exchange.js';
import { ACCOUNT_PAGE } from './serve-account.js';

export interface UsagePorts extends AuthenticationPorts {
  readonly billing: Pick<ClientFor<typeof billing>, 'listUsage'>;
  readonly routing: Pick<ClientFor<typeof routing>, 'nameModel'>;
  readonly statement: Pick<ClientFor<typeof statement>, 'reportUsage'>;
}

const DAY_MS = 86_400_000;

/** Contract 11.2: how far back a roll-up goes when nobody says so. */
const USUAL_DAYS = 30;

const FILTERS = [...KEY_FILTERS, 'model', 'since', 'until'];
const LIST_PARAMETERS = [...FILTERS, 'limit', 'cursor'];

/** Some pages ask for sums with the `limit` of the rows (contract C3); sums are not paged, so it changes nothing. */
const REPORT_PARAMETERS = [...FILTERS, 'group_by', 'tz', 'limit'];

/** One row per billed call, newest first (contract C3). */
export async function listUsage(exchange: Exchange, ports: UsagePorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const query = readQuery(exchange.query, LIST_PARAMETERS);
  const [keyId, cursor] = [readKeyFilter(query), query.get('cursor')];
  const model = await readModelFilter(query, exchange, ports);
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

/** `GET /api/v1/me/usage`: usage summed by days, hours, models and keys, in any time zone (contract 11.2). */
export async function reportUsage(exchange: Exchange, ports: UsagePorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const query = readQuery(exchange.query, REPORT_PARAMETERS);
  const until = readTime(query, 'until') ?? Date.now();
  const since = readTime(query, 'since') ?? Date.now() - USUAL_DAYS * DAY_MS;
  const key = readKeyFilter(query);
  const model = await readModelFilter(query, exchange, ports);
  const question = {
    ...{ accountId, since, until, by: readGrouping(query), timeZone: query.get('tz') || 'UTC' },
    ...(model && { model }),
    ...(key && { key }),
  };
  return usageReportJson(await ports.statement.reportUsage(question, exchange.context));
}

/**
 * Rows carry the catalogue's id, and customers ask by the name they sent: an alias means the same rows (contract 0.1). What is no
 * model's name, or no longer one, is looked for as it is written.
 */
async function readModelFilter(
  query: URLSearchParams,
  { context }: Exchange,
  { routing }: Pick<UsagePorts, 'routing'>,
): Promise<string | undefined> {
  const name = query.get('model');
  if (name === null || name === '') return undefined;
  const { id } = await routing.nameModel({ name }, context);
  return id ?? name;
}

/** `group_by=day,model`; a day at a time when nothing is said. */
function readGrouping(query: URLSearchParams): Grouping[] {
  const names = (query.get('group_by') || 'day').split(',').map((name) => name.trim());
  return names.map((name) => {
    const grouping = Grouping.safeParse(name);
    if (grouping.success) return grouping.data;
    throw new GatewayError('invalid-request', `group_by: must be of ${Grouping.options.join(', ')}`, {
      details: { param: 'group_by' },
    });
  });
}

function usageRow(row: UsageRow): object {
  const { requestId, createdAt, model, protocol, keyHint, tokens, images, seconds, cost, ending } = row;
  const { input, cacheRead, cacheWrite, output, reasoning } = tokens;
  return {
    request_id: requestId,
    created_at: new Date(createdAt).toISOString(),
    model,
    protocol,
    api_key: keyHint,
    tokens: { input, cache_read: cacheRead, cache_write: cacheWrite, output, reasoning },
    ...(images !== undefined && { images }),
    ...(seconds !== undefined && { seconds }),
    credits_usd: formatUsd(cost),
    outcome: ending,
  };
}

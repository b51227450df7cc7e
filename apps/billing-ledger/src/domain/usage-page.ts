import type { billing, UsageRow } from '@bytespike/contracts';
import type { NanoUsd, Usage } from '@bytespike/kernel';
import type { z } from 'zod';

import { readCursor, writeCursor } from './page-cursor.js';
import { tokensOf } from './token-classes.js';

/** A usage row as it is kept. */
export interface UsageRecord {
  readonly requestId: string;
  readonly createdAt: number;
  readonly model: string;
  readonly protocol: UsageRow['protocol'];
  readonly keyId: string;
  readonly keyHint: string;
  readonly units: Usage;
  readonly cost: NanoUsd;
  readonly ending: string;
}

/** Where a page begins: strictly after this row, newest first. */
export interface UsagePosition {
  readonly createdAt: number;
  readonly requestId: string;
}

export interface UsageQuery {
  readonly accountId: string;
  readonly keyId: string | undefined;
  readonly model: string | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly after: UsagePosition | undefined;
  readonly limit: number;
}

type Input = z.output<(typeof billing.listUsage)['input']>;
type Page = z.output<(typeof billing.listUsage)['output']>;

/** One row more than asked tells whether there is a next page. */
export const usageQuery = (input: Input): UsageQuery => ({
  accountId: input.accountId,
  keyId: input.keyId,
  model: input.model,
  since: input.since,
  until: input.until,
  after: input.cursor === undefined ? undefined : positionOf(input.cursor),
  limit: input.limit + 1,
});

export function usagePage(records: readonly UsageRecord[], limit: number): Page {
  const rows = records.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = records.length > limit && last !== undefined;
  return { rows: rows.map(usageRow), ...(hasMore && { nextCursor: writeCursor({ ...last, at: last.createdAt }) }) };
}

function usageRow({ units, ...record }: UsageRecord): UsageRow {
  const { images, seconds } = units;
  return { ...record, tokens: tokensOf(units), ...(images && { images }), ...(seconds && { seconds }) };
}

function positionOf(cursor: string): UsagePosition {
  const { at, requestId } = readCursor(cursor);
  return { createdAt: at, requestId };
}

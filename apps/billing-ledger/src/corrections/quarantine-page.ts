import type { book, QuarantinedFact } from '@bytespike/contracts';
import type { z } from 'zod';

import { readCursor, writeCursor } from '../domain/page-cursor.js';
import type { QuarantineQuery } from './correction-store.js';

type Input = z.output<(typeof book.listQuarantine)['input']>;
type Page = z.output<(typeof book.listQuarantine)['output']>;

/** One fact more than asked tells whether there is a next page. */
export const quarantineQuery = ({ decided, cursor, limit }: Input): QuarantineQuery => ({
  decided,
  after: cursor === undefined ? undefined : readCursor(cursor),
  limit: limit + 1,
});

export function quarantinePage(found: readonly QuarantinedFact[], limit: number): Page {
  const facts = found.slice(0, limit);
  const last = facts.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { facts, ...(hasMore && { nextCursor: writeCursor(last) }) };
}

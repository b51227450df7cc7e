import type { Pool } from '@bytespike/database';

import type { Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';

const HOLDERS = 'SELECT request_id, account_id FROM ledger.hold WHERE request_id = ANY($1::text[])';

/** Whose wallet each needs, in order. */
export const accountsOfHolds = (items: readonly SizedHold[]): Promise<readonly string[]> =>
  Promise.resolve(items.map(({ accountId }) => accountId));

/** The same of ends, which name their holds and not whose they are; undefined where there is no such hold. */
export async function accountsOfEnds(
  pool: Pool,
  items: readonly Settlement[],
): Promise<readonly (string | undefined)[]> {
  const holds = items.map(({ requestId, carved }) => carved?.grantId ?? requestId);
  const { rows } = await pool.query<{ request_id: string; account_id: string }>(HOLDERS, [holds]);
  const accounts = new Map(rows.map(({ request_id, account_id }) => [request_id, account_id]));
  return holds.map((hold) => accounts.get(hold));
}

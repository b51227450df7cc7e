import type { billing, HandlersFor } from '@bytespike/contracts';

import type { Grants } from '../admission/grants.js';
import type { SettlementQueue } from './expiry-sweeper.js';
import type { OrphanStore } from './orphan-store.js';

export interface RecoveryPorts {
  readonly orphans: Pick<OrphanStore, 'seen' | 'unended'>;
  readonly grants: Pick<Grants, 'holds'>;
  readonly queue: SettlementQueue;
  readonly heartbeatMs: number;
}

/** The calls of those who report how requests end (ADR 0020). */
export const recoveryHandlers = ({
  orphans,
  grants,
  queue,
  heartbeatMs,
}: RecoveryPorts): Pick<HandlersFor<typeof billing>, 'heartbeat' | 'unended'> => ({
  heartbeat: async ({ reporter, oldestOpenMs }) => {
    await orphans.seen(reporter, oldestOpenMs);
    return { nextMs: heartbeatMs };
  },
  unended: async ({ requests }) => {
    // Asked first: what had been handled by then has left its end where we look for it.
    const handledUntil = await queue.handledUntil();
    const unended = new Set(await orphans.unended(requests));
    // Who names its grant is answered by the store alone: an end that another ledger was told is known there first.
    for (const { requestId, grantId } of requests)
      if (grantId === undefined && grants.holds(requestId)) unended.add(requestId);
    return { requestIds: [...unended], ...(handledUntil !== undefined && { handledUntil }) };
  },
});

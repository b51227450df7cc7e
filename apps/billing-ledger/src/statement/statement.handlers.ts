import type { HandlersFor, statement } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { UnitPrices } from '@bytespike/pricing';

import { receiptOf } from '../domain/receipt.js';
import { usageReport } from '../domain/usage-report.js';
import { usageSelection } from '../domain/usage-selection.js';
import type { CarvedHold, Grants } from '../admission/grants.js';
import type { RequestRecord, StatementStore } from './statement-store.js';

export interface StatementPorts {
  readonly store: StatementStore;
  readonly grants: Pick<Grants, 'find'>;
  readonly prices: { find(id: string | undefined): Promise<UnitPrices | undefined> };
}

/** What customers read of the book. */
export const statementHandlers = ({ store, prices, grants }: StatementPorts): HandlersFor<typeof statement> => ({
  readReceipt: async ({ accountId, requestId }) => {
    // One that is carved and still runs has no row: the ledger that admitted it knows it, and the others do not.
    const record = (await store.request(accountId, requestId)) ?? runningOf(accountId, grants.find(requestId));
    if (!record) throw new GatewayError('not-found', 'There is no such request.');
    return receiptOf(record, (await prices.find(record.end?.billed?.priceVersion)) ?? {});
  },

  reportUsage: async (question) => usageReport(await store.usageSums(usageSelection(question))),

  listMovements: ({ page, pageSize, ...filter }) =>
    store.movements({ ...filter, offset: (page - 1) * pageSize, limit: pageSize }),

  readWallet: async ({ accountId }) => {
    const [wallet, spentByModel] = await Promise.all([store.wallet(accountId), store.spentByModel(accountId)]);
    return { ...wallet, spentByModel };
  },
});

function runningOf(accountId: string, carved: CarvedHold | undefined): RequestRecord | undefined {
  if (carved?.hold.accountId !== accountId) return undefined;
  const { hold, grantId } = carved;
  const { requestId, amount, basis, model } = hold;
  return {
    requestId,
    hold: {
      ...{ state: 'held', amount, basis, grantId, charged: 0n, overrun: 0n },
      ...(model !== undefined && { model }),
    },
    entries: [],
    corrections: [],
  };
}

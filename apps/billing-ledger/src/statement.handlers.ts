import type { HandlersFor, statement } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { UnitPrices } from '@bytespike/pricing';

import { receiptOf } from './domain/receipt.js';
import { usageReport } from './domain/usage-report.js';
import { usageSelection } from './domain/usage-selection.js';
import type { StatementStore } from './statement-store.js';

export interface StatementPorts {
  readonly store: StatementStore;
  readonly prices: { find(id: string | undefined): Promise<UnitPrices | undefined> };
}

/** What customers read of the book. */
export const statementHandlers = ({ store, prices }: StatementPorts): HandlersFor<typeof statement> => ({
  readReceipt: async ({ accountId, requestId }) => {
    const record = await store.request(accountId, requestId);
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

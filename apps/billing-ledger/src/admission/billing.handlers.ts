import type { billing, HandlersFor } from '@bytespike/contracts';
import type { GroupCommit } from '@bytespike/database';
import { GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';

import { admitHold, type AdmissionPorts } from './admit-hold.js';
import { accountingOf } from '../domain/accounting.js';
import { usagePage, usageQuery } from '../domain/usage-page.js';
import type { SizedHold } from '../domain/size-hold.js';
import { sizeOfPieces } from '../domain/size-pieces.js';
import { extendHold } from './extend-hold.js';
import type { Grants } from './grants.js';
import type { ExtendResult, LedgerStore, Wallet } from '../store/ledger-store.js';

export interface LedgerPorts extends AdmissionPorts {
  readonly wallets: GroupCommit<string, Wallet>;
  readonly extensions: GroupCommit<SizedHold, ExtendResult>;
  readonly grants: AdmissionPorts['grants'] & Pick<Grants, 'forget'>;
}

/** The calls of the billing group but those of recovery; its fact is heard in `settlement/usage-consumer.ts`. */
export const billingHandlers = (
  store: LedgerStore,
  ports: LedgerPorts,
): Omit<HandlersFor<typeof billing>, 'heartbeat' | 'unended'> => ({
  hold: (request, { deadline }) => admitHold(request, ports, deadline),
  quote: async ({ priceVersions, units }) => sizeOfPieces(units, await ports.prices.candidates(priceVersions)),
  extend: (request) => extendHold(request, { ...ports, store: { extend: ports.extensions.submit } }),
  accounting: async ({ accountId, caps }) => accountingOf(await ports.standings.submit({ accountId, caps })),
  balance: async ({ accountId }) => {
    const { available, held } = await ports.wallets.submit(accountId);
    return { available, held };
  },
  credit: async (credit) => {
    if (credit.amount === 0n) throw new GatewayError('invalid-request', 'A credit of nothing changes nothing.');
    let result = await store.credit(credit);
    reached('ledger.credit.committed');
    // A debit is not refused for money that grants hold back and no request needs.
    if (result.kind === 'uncovered' && (await ports.grants.giveBack(credit.accountId)))
      result = await store.credit(credit);
    if (result.kind === 'conflict')
      throw new GatewayError('conflict', 'This transaction id was used for another account or amount.');
    if (result.kind === 'uncovered')
      throw new GatewayError('insufficient-credit', 'The wallet does not cover this debit.');
    ports.grants.forget(credit.accountId);
    return { available: result.available };
  },
  listUsage: async (input) => usagePage(await store.usage(usageQuery(input)), input.limit),
});

import type { Movement } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { answering } from '../store/answering.js';
import type { FreeEnd } from '../domain/free-end.js';
import type { UsageSelection } from '../domain/usage-selection.js';
import { keepFree } from '../sql/keep-free.js';
import { readRequest } from '../sql/read-request.js';
import { readMovements, readWallet, spentByModel } from '../sql/read-wallet.js';
import { sumUsage } from '../sql/sum-usage.js';
import {
  StatementStore,
  type MovementsQuery,
  type RequestRecord,
  type UsageSum,
  type WalletFacts,
} from './statement-store.js';

/** The book in Postgres as its customers read it, over pools of the ledger's store, which closes them. */
export class PgStatementStore extends StatementStore {
  constructor(
    private readonly pool: Pool,
    /** What facts leave is not kept waiting by readers. */
    private readonly facts: Pool = pool,
  ) {
    super();
  }

  keepFree(ends: readonly FreeEnd[]): Promise<void> {
    return answering(keepFree(this.facts, ends));
  }

  request(accountId: string, requestId: string): Promise<RequestRecord | undefined> {
    return answering(readRequest(this.pool, accountId, requestId));
  }

  usageSums(selection: UsageSelection): Promise<readonly UsageSum[]> {
    return answering(sumUsage(this.pool, selection));
  }

  movements(query: MovementsQuery): Promise<{ items: Movement[]; total: number }> {
    return answering(readMovements(this.pool, query));
  }

  wallet(accountId: string): Promise<WalletFacts> {
    return answering(readWallet(this.pool, accountId));
  }

  spentByModel(accountId: string): Promise<{ model: string; cost: NanoUsd }[]> {
    return answering(spentByModel(this.pool, accountId));
  }
}

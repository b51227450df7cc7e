import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { answering } from '../store/answering.js';
import type { MoveResult, WalletMove } from '../domain/wallet-move.js';
import { moveWallet } from '../sql/credit.js';
import { crossThresholds, setLowBalance } from '../sql/low-balance.js';
import { countWaiting, markPublished, prunePublished, waitingFacts, type OutboxRow } from '../sql/outbox.js';
import { WalletStore } from './wallet-store.js';

/** Wallets in Postgres, over the pool of the ledger's store, which closes it. */
export class PgWalletStore extends WalletStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  move(move: WalletMove): Promise<MoveResult> {
    return answering(moveWallet(this.pool, move));
  }

  setLowBalance(accountId: string, threshold: NanoUsd | undefined): Promise<void> {
    return answering(setLowBalance(this.pool, accountId, threshold));
  }

  crossThresholds(limit: number): Promise<{ found: number; low: number }> {
    return answering(crossThresholds(this.pool, limit));
  }

  waitingFacts(limit: number): Promise<readonly OutboxRow[]> {
    return answering(waitingFacts(this.pool, limit));
  }

  markPublished(ids: readonly bigint[]): Promise<void> {
    return answering(markPublished(this.pool, ids));
  }

  prunePublished(olderThanMs: number, limit: number): Promise<number> {
    return answering(prunePublished(this.pool, olderThanMs, limit));
  }

  countWaiting(): Promise<number> {
    return answering(countWaiting(this.pool));
  }
}

import type { NanoUsd } from '@bytespike/kernel';

import type { MoveResult, WalletMove } from '../domain/wallet-move.js';
import type { OutboxRow } from '../sql/outbox.js';

/**
 * Wallets apart from requests, and the facts about them that wait to be published. Every write may be repeated. Methods
 * reject with `unavailable` when the store cannot answer: then nothing is known, and the caller repeats.
 */
export abstract class WalletStore {
  /** Posts a movement once per transaction id, with the fact that tells of it. */
  abstract move(move: WalletMove): Promise<MoveResult>;
  abstract setLowBalance(accountId: string, threshold: NanoUsd | undefined): Promise<void>;
  /** Looks for wallets that have crossed their threshold, with the fact that tells of each; at most `limit` of them. */
  abstract crossThresholds(limit: number): Promise<{ readonly found: number; readonly low: number }>;
  /** The facts that wait, in the order in which they became true. */
  abstract waitingFacts(limit: number): Promise<readonly OutboxRow[]>;
  abstract markPublished(ids: readonly bigint[]): Promise<void>;
  /** Forgets facts that were published longer ago; answers how many. */
  abstract prunePublished(olderThanMs: number, limit: number): Promise<number>;
  /** How many facts wait; of very many, that they are very many. */
  abstract countWaiting(): Promise<number>;
}

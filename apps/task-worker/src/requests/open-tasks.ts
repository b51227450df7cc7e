import { GatewayError, LIMITS } from '@bytespike/kernel';

import type { TaskStore } from '../store/task-store.js';

interface Counted {
  open: number;
  readonly countedAt: number;
}

const COUNT_EVERY_MS = 1_000;
const ACCOUNTS_MAX = 10_000;

/**
 * Keeps one account from filling the queue. Its open tasks are counted every second, and by what it submits here in between,
 * so that a burst of hundreds a second is not one of counts: several workers may let a second's worth more through.
 */
export class OpenTasks {
  private readonly accounts = new Map<string, Counted>();

  constructor(
    private readonly store: Pick<TaskStore, 'countOpen'>,
    private readonly now: () => number,
    private readonly openMax: number = LIMITS.openTasksPerAccountMax,
  ) {}

  /** Errors: `rate-limited`. */
  async assertRoom(accountId: string): Promise<void> {
    const counted = await this.countOf(accountId);
    if (counted.open >= this.openMax)
      throw new GatewayError('rate-limited', `An account has at most ${String(this.openMax)} open tasks.`, {
        retryAfterMs: COUNT_EVERY_MS,
      });
    counted.open += 1;
  }

  private async countOf(accountId: string): Promise<Counted> {
    const known = this.accounts.get(accountId);
    if (known && this.now() - known.countedAt < COUNT_EVERY_MS) return known;
    const counted = { open: await this.store.countOpen(accountId), countedAt: this.now() };
    if (this.accounts.size >= ACCOUNTS_MAX) this.accounts.clear();
    this.accounts.set(accountId, counted);
    return counted;
  }
}

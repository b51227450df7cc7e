import type { KeyRecord } from '../domain/admit-key.js';
import { KeyStore } from '../key-store.js';

/** Keys in memory, and a store that can be told to fail or to keep its callers waiting. */
export class MemoryKeyStore extends KeyStore {
  readonly records = new Map<string, KeyRecord>();
  lookups = 0;
  state: 'up' | 'down' | 'silent' = 'up';
  private readonly waiting: (() => void)[] = [];

  override async findByDigest(digest: string): Promise<KeyRecord | undefined> {
    this.lookups += 1;
    const found = this.records.get(digest);
    if (this.state === 'down') throw new Error('connect ECONNREFUSED');
    if (this.state === 'silent') await new Promise<void>((resolve) => this.waiting.push(resolve));
    return found;
  }

  /** Answers those who wait with what was true when they asked. */
  speak(): void {
    this.state = 'up';
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

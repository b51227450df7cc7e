import { GatewayError } from '@bytespike/kernel';
import { LRUCache } from 'lru-cache';

import type { KeyRecord } from './domain/admit-key.js';
import type { KeyStore } from './key-store.js';

export const KEY_CACHE_LIMITS = {
  keysMax: 50_000,
  /** Kept apart, so that a flood of guesses cannot push real keys out. */
  unknownKeysMax: 10_000,
  /** Changes are announced and dropped at once; this is how long a lost announcement can matter. */
  freshMs: 10_000,
  /** Clients repeat a 401 up to eleven times (clients, 0.14); a key created meanwhile must work soon. */
  unknownFreshMs: 5_000,
  /** How long a key is believed while the store cannot answer. */
  staleMs: 3_600_000,
  /** How long a caller who has an old answer waits for a new one. */
  patienceMs: 250,
  /** How long a caller without one waits; below the deadline of `routing.authenticate`. */
  firstPatienceMs: 1_500,
  /** Lookups under way at a time; more than this means that the store does not keep up. */
  lookupsMax: 1_000,
  /** Between two tries at a store that could not answer. */
  storeRetryMs: 1_000,
} as const;

interface Known {
  readonly record: KeyRecord;
  readonly readAt: number;
  readonly freshUntil: number;
}

type Answer = KeyRecord | undefined;

/**
 * Keys by digest, remembered. One lookup per digest is under way at a time; a change drops what is remembered and
 * what is being read; a store that cannot answer is `unavailable`, never an unknown key.
 */
export class KeyCache {
  private readonly known = new LRUCache<string, Known>({ max: KEY_CACHE_LIMITS.keysMax });
  /** Digest to when the absence stops being believed. */
  private readonly unknown = new LRUCache<string, number>({ max: KEY_CACHE_LIMITS.unknownKeysMax });
  private readonly underWay = new Map<string, Promise<Answer>>();

  constructor(
    private readonly store: KeyStore,
    private readonly now: () => number,
  ) {}

  /** The key as last read, without waiting; absent when the store must be asked. */
  peek(digest: string): KeyRecord | undefined {
    const entry = this.known.get(digest);
    return entry && entry.freshUntil > this.now() ? entry.record : undefined;
  }

  /** The key of a digest, or nothing when there is none. Throws `unavailable`. */
  async find(digest: string): Promise<Answer> {
    const fresh = this.peek(digest);
    if (fresh) return fresh;
    const unknownUntil = this.unknown.get(digest);
    if (unknownUntil !== undefined && unknownUntil > this.now()) return undefined;
    const old = this.usable(digest);
    const patienceMs = old ? KEY_CACHE_LIMITS.patienceMs : KEY_CACHE_LIMITS.firstPatienceMs;
    try {
      return await within(patienceMs, this.read(digest));
    } catch (cause) {
      // Read again: the key may have been dropped while the store kept us waiting.
      const still = this.usable(digest);
      if (!still) throw new GatewayError('unavailable', 'the key store cannot answer', { cause, retryAfterMs: 1_000 });
      this.known.set(digest, { ...still, freshUntil: this.now() + KEY_CACHE_LIMITS.storeRetryMs });
      return still.record;
    }
  }

  /** Forgets digests at once, lookups under way included: their answers may be older than the change. */
  drop(digests: readonly string[]): void {
    for (const digest of digests) {
      this.known.delete(digest);
      this.unknown.delete(digest);
      this.underWay.delete(digest);
    }
  }

  private usable(digest: string): Known | undefined {
    const entry = this.known.get(digest);
    return entry && entry.readAt + KEY_CACHE_LIMITS.staleMs > this.now() ? entry : undefined;
  }

  private read(digest: string): Promise<Answer> {
    const running = this.underWay.get(digest);
    if (running) return running;
    if (this.underWay.size >= KEY_CACHE_LIMITS.lookupsMax)
      return Promise.reject(new Error('too many lookups under way'));
    const readAt = this.now();
    const lookup = this.store
      .findByDigest(digest)
      .then((record) => {
        // A dropped lookup still answers its own caller, who asked before the change, but is not remembered.
        if (this.underWay.get(digest) === lookup) this.remember(digest, record, readAt);
        return record;
      })
      .finally(() => {
        if (this.underWay.get(digest) === lookup) this.underWay.delete(digest);
      });
    this.underWay.set(digest, lookup);
    return lookup;
  }

  private remember(digest: string, record: Answer, readAt: number): void {
    if (record) {
      this.unknown.delete(digest);
      this.known.set(digest, { record, readAt, freshUntil: readAt + KEY_CACHE_LIMITS.freshMs });
    } else {
      this.known.delete(digest);
      this.unknown.set(digest, readAt + KEY_CACHE_LIMITS.unknownFreshMs);
    }
  }
}

/** The work's result, or a rejection when it takes longer; the work itself goes on for whoever asks next. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

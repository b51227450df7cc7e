/**
 * Collections of what comes and goes quickly: the calls of this process, its requests, its streams.
 *
 * V8 links the table that a Set or a Map has outgrown to the next one (`OrderedHashTable`, for iterators under way), and
 * leaves in it what it held. Once one such table has become old, every later one hangs on it until the whole heap is
 * collected, and on these all that was open when they were outgrown: dead, it is copied, promoted and marked. Of the 64 KB
 * that a request allocates, 5 KB lived on so, and a fifth of its CPU went into it. A copy now and then has no predecessor.
 */
const RENEWED_AFTER_DELETIONS = 1_000;

/** A Map of what comes and goes quickly. */
export class TransientMap<K, V> {
  private map: Map<K, V>;
  private deletions = 0;

  constructor(entries?: Iterable<readonly [K, V]>) {
    this.map = new Map(entries);
  }

  get size(): number {
    return this.map.size;
  }

  get(key: K): V | undefined {
    return this.map.get(key);
  }

  set(key: K, value: V): void {
    this.map.set(key, value);
  }

  delete(key: K): boolean {
    if (!this.map.delete(key)) return false;
    this.deletions += 1;
    if (this.deletions >= RENEWED_AFTER_DELETIONS) this.renew();
    return true;
  }

  clear(): void {
    this.map = new Map();
  }

  /** In the order of adding; what is deleted meanwhile and has not been reached is passed over. */
  *keys(): Generator<K, void> {
    for (const key of [...this.map.keys()]) if (this.map.has(key)) yield key;
  }

  *values(): Generator<V, void> {
    for (const key of this.keys()) yield this.map.get(key) as V;
  }

  private renew(): void {
    this.deletions = 0;
    this.map = new Map(this.map);
  }
}

/** A Set of what comes and goes quickly. */
export class TransientSet<T> {
  private readonly map = new TransientMap<T, true>();

  get size(): number {
    return this.map.size;
  }

  add(member: T): void {
    this.map.set(member, true);
  }

  delete(member: T): boolean {
    return this.map.delete(member);
  }

  [Symbol.iterator](): Generator<T, void> {
    return this.map.keys();
  }
}

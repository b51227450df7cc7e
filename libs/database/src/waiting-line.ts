import { GatewayError } from '@bytespike/kernel';

export interface LineLimits<Item> {
  /** Asked for more than once, so what an item weighs does not change. */
  readonly weigh: (item: Item) => number;
  /** What all that wait may weigh. */
  readonly waitingMax: number;
  readonly ownerOf: ((item: Item) => string) | undefined;
}

const AGAIN_MS = 1_000;

/** What waits for a batch, in the order in which it came, and within limits. */
export class WaitingLine<Item, Entry extends { readonly item: Item }> {
  private entries: Entry[] = [];
  private total = 0;
  private readonly weights = new Map<string, number>();

  constructor(private readonly limits: LineLimits<Item>) {}

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  get weight(): number {
    return this.total;
  }

  /** Errors: `unavailable` when there is no room at all, `concurrency` when there is none for more of this owner. */
  add(entry: Entry): void {
    const { weigh, waitingMax, ownerOf } = this.limits;
    const weight = weigh(entry.item);
    const owner = ownerOf?.(entry.item);
    const room = waitingMax - this.total;
    if (weight > room) throw new GatewayError('unavailable', 'the store has more waiting than it may hold');
    if (owner !== undefined && weight + this.weightOf(owner) > room)
      throw new GatewayError('concurrency', 'Too many requests of this account wait to be admitted.', {
        retryAfterMs: AGAIN_MS,
      });
    this.entries.push(entry);
    this.count(owner, weight);
  }

  /** Takes the first that weigh no more than this together; at least one. */
  take(weightMax: number): readonly Entry[] {
    const { weigh, ownerOf } = this.limits;
    const taken = this.entries.splice(0, this.fitting(weightMax));
    for (const { item } of taken) this.count(ownerOf?.(item), -weigh(item));
    return taken;
  }

  private fitting(weightMax: number): number {
    let together = 0;
    const beyond = this.entries.findIndex(({ item }) => {
      together += this.limits.weigh(item);
      return together > weightMax;
    });
    return beyond < 0 ? this.entries.length : Math.max(1, beyond);
  }

  private weightOf(owner: string): number {
    return this.weights.get(owner) ?? 0;
  }

  private count(owner: string | undefined, weight: number): void {
    this.total += weight;
    if (owner === undefined) return;
    const own = this.weightOf(owner) + weight;
    if (own > 0) this.weights.set(owner, own);
    else this.weights.delete(owner);
  }
}

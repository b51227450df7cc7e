/** What upstream-adapters say of one (channel, upstream model). */
export interface CircuitFact {
  readonly channelId: string;
  readonly upstreamModel: string;
  readonly state: 'closed' | 'open' | 'half-open';
  /** Epoch milliseconds. */
  readonly until?: number | undefined;
}

/** How long an open circuit is believed whose fact names no end: its adapter may be gone and never close it. */
const OPEN_WITHOUT_END_MS = 30_000;
/** More than any catalogue has channels times models; the oldest circuit is forgotten, which only lets traffic in. */
const CIRCUITS_MAX = 10_000;

/**
 * The open circuits heard of. Half-open lets live traffic through, because a probe of ours would cost money and
 * prove less; so does a circuit whose time has passed.
 */
export class Circuits {
  private readonly openUntil = new Map<string, number>();

  hear({ channelId, upstreamModel, state, until }: CircuitFact, nowMs: number): void {
    const key = circuitKey(channelId, upstreamModel);
    this.openUntil.delete(key);
    if (state !== 'open') return;
    this.openUntil.set(key, until ?? nowMs + OPEN_WITHOUT_END_MS);
    const [oldest] = this.openUntil.keys();
    if (this.openUntil.size > CIRCUITS_MAX && oldest !== undefined) this.openUntil.delete(oldest);
  }

  /** Until when a circuit lets nothing through; absent while it does. */
  closedUntil(channelId: string, upstreamModel: string, nowMs: number): number | undefined {
    if (this.openUntil.size === 0) return undefined;
    const until = this.openUntil.get(circuitKey(channelId, upstreamModel));
    return until !== undefined && until > nowMs ? until : undefined;
  }
}

const circuitKey = (channelId: string, upstreamModel: string): string => `${channelId}\n${upstreamModel}`;

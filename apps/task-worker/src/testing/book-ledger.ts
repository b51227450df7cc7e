import type { HoldRequest, Receipt, UsageFact } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** A tenth of a dollar for a second of film or a picture. */
const NANO_PER_UNIT = 100_000_000n;

interface BookedHold {
  readonly request: HoldRequest;
  readonly amount: bigint;
  charged: bigint | undefined;
}

/** billing-ledger as far as a task can tell: holds by name, and each ended once by the first fact about it. */
export class BookLedger {
  readonly holds = new Map<string, BookedHold>();
  readonly facts: UsageFact[] = [];
  /** How often a hold was asked for, under whatever name. */
  asked = 0;
  /** Set to refuse. */
  refusal: GatewayError | undefined;
  /** Set to hear facts and forget them. */
  isDeaf = false;

  hold(request: HoldRequest): Promise<{ amount: bigint; basis: string; maxOutputTokens: number; accounting: never }> {
    this.asked += 1;
    if (this.refusal) return Promise.reject(this.refusal);
    const { seconds = 0, images = 0 } = request.units ?? {};
    const known = this.holds.get(request.requestId);
    if (known?.charged !== undefined)
      return Promise.reject(new GatewayError('conflict', 'The request with this id is over.'));
    const hold = known ?? { request, amount: NANO_PER_UNIT * BigInt(seconds + images), charged: undefined };
    this.holds.set(request.requestId, hold);
    const accounting = { walletRemaining: 0n, windows: [] } as never;
    return Promise.resolve({ amount: hold.amount, basis: 'book', maxOutputTokens: 0, accounting });
  }

  state(fact: UsageFact): Promise<void> {
    this.facts.push(fact);
    const hold = this.holds.get(fact.requestId);
    if (this.isDeaf || !hold || hold.charged !== undefined) return Promise.resolve();
    const { seconds = 0, images = 0 } = fact.outcome.usage ?? {};
    const isCharged = fact.outcome.ending === 'complete' || fact.outcome.ending === 'cancelled';
    hold.charged = isCharged ? NANO_PER_UNIT * BigInt(seconds + images) : 0n;
    return Promise.resolve();
  }

  unended(requestIds: readonly string[]): { requestIds: string[]; handledUntil: number } {
    const open = requestIds.filter((id) => this.holds.has(id) && this.holds.get(id)?.charged === undefined);
    return { requestIds: open, handledUntil: Number.MAX_SAFE_INTEGER };
  }

  receipt(requestId: string): Pick<Receipt, 'outcome' | 'total'> {
    const hold = this.holds.get(requestId);
    if (!hold) throw new GatewayError('not-found', 'There is no such request.');
    return { outcome: hold.charged === undefined ? 'running' : 'complete', total: hold.charged ?? 0n };
  }
}

import { GatewayError, LIMITS } from '@bytespike/kernel';

import { AnswerStore, type Claim, type Found, type KeptAnswer } from '../idempotency/answer-store.js';
import type { Fingerprint } from '../idempotency/fingerprint.js';

interface Row {
  readonly requestHash: string;
  readonly requestId: string;
  /** Until when the row stands: its lease, or as long as its answer is kept. */
  until: number;
  answer?: KeptAnswer | 'given-once';
}

const KEPT_MS = LIMITS.keptAnswerHours * 3_600_000;

/** Kept answers in a map, and a clock that a test moves. */
export class MemoryAnswerStore extends AnswerStore {
  readonly rows = new Map<string, Row>();
  /** Epoch milliseconds. */
  now = (): number => Date.now();
  /** While true nothing can be asked. */
  isAway = false;
  asked = 0;

  override async claim(claim: Claim, leaseMs: number): Promise<boolean> {
    if (this.standing(claim)) return false;
    const { requestHash, requestId } = claim;
    this.rows.set(placeOf(claim), { requestHash, requestId, until: this.now() + leaseMs });
    return true;
  }

  override async find(fingerprint: Fingerprint): Promise<Found> {
    const row = this.standing(fingerprint);
    if (!row) return { state: 'free' };
    const { requestHash, requestId, answer } = row;
    if (answer === undefined) return { state: 'running', requestHash, requestId };
    if (answer === 'given-once') return { state: 'given-once', requestHash, requestId };
    return { state: 'kept', requestHash, answer };
  }

  override async renew(claims: readonly Claim[], leaseMs: number): Promise<ReadonlySet<string>> {
    const held = claims.flatMap((claim) => this.held(claim) ?? []).filter(({ answer }) => answer === undefined);
    for (const row of held) row.until = this.now() + leaseMs;
    return new Set(held.map(({ requestId }) => requestId));
  }

  override async keep(claim: Claim, answer: KeptAnswer | 'given-once'): Promise<boolean> {
    const row = this.held(claim);
    if (row) Object.assign(row, { answer, until: this.now() + KEPT_MS });
    return row !== undefined;
  }

  override async release(claim: Claim): Promise<void> {
    const row = this.held(claim);
    if (row && row.answer === undefined) this.rows.delete(placeOf(claim));
  }

  override async sweep(): Promise<number> {
    const gone = [...this.rows].filter(([, { answer, until }]) => answer !== undefined && until <= this.now());
    for (const [place] of gone) this.rows.delete(place);
    return gone.length;
  }

  private standing(fingerprint: Fingerprint): Row | undefined {
    this.ask();
    const row = this.rows.get(placeOf(fingerprint));
    return row && row.until > this.now() ? row : undefined;
  }

  private held(claim: Claim): Row | undefined {
    this.ask();
    const row = this.rows.get(placeOf(claim));
    return row?.requestId === claim.requestId ? row : undefined;
  }

  private ask(): void {
    this.asked += 1;
    if (this.isAway) throw new GatewayError('unavailable', 'the store is away');
  }
}

const placeOf = ({ keyId, name }: Fingerprint): string => `${keyId} ${name}`;

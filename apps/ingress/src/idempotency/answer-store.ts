import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Fingerprint } from './fingerprint.js';

/** One request's right to be the one that is answered under its name. */
export interface Claim extends Fingerprint {
  readonly requestId: string;
}

/** An answer as it was sent, without what belongs to the moment: ids, accounting, pauses. */
export interface KeptAnswer {
  /** The request that made it; its receipt says what it cost. */
  readonly requestId: string;
  readonly status: number;
  readonly headers: FlatHeaders;
  readonly body: Uint8Array;
}

/** What stands under a name. */
export type Found =
  /** Nothing, or nothing any more: it may be claimed. */
  | { readonly state: 'free' }
  | { readonly state: 'running' | 'given-once'; readonly requestHash: string; readonly requestId: string }
  | { readonly state: 'kept'; readonly requestHash: string; readonly answer: KeptAnswer };

/** Where answers to named requests are kept. Every method throws `unavailable` when the store cannot answer. */
export abstract class AnswerStore {
  /** Whether the name is now the claimer's, for as long as the lease lasts. Of many at once one succeeds. */
  abstract claim(claim: Claim, leaseMs: number): Promise<boolean>;
  abstract find(fingerprint: Fingerprint): Promise<Found>;
  /** Lengthens leases, those that have just run out too. Resolves to the request ids of those still held. */
  abstract renew(claims: readonly Claim[], leaseMs: number): Promise<ReadonlySet<string>>;
  /** Keeps a claim's answer, or that it is given once: too large to keep, or a secret. False when the claim is somebody else's by now. */
  abstract keep(claim: Claim, answer: KeptAnswer | 'given-once'): Promise<boolean>;
  /** Gives up a claim that has no answer, so that a repeat may run at once. */
  abstract release(claim: Claim): Promise<void>;
  /** Removes some of what has expired; resolves to how many went. */
  abstract sweep(): Promise<number>;
}

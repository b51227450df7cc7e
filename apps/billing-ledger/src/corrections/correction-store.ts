import type { QuarantinedFact } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

export interface Correction {
  readonly transactionId: string;
  readonly requestId: string;
  /** What is given back: more than nothing. */
  readonly amount: NanoUsd;
  readonly reason: string;
  readonly actor: string;
}

export interface QuarantineVerdict {
  readonly requestId: string;
  /** Nothing dismisses the fact. */
  readonly charge: NanoUsd;
  readonly reason: string;
  readonly actor: string;
}

/**
 * - `beyond`: more than may be moved, which is `most`;
 * - `conflict`: the transaction id, or the fact, stands for another decision already;
 * - `uncovered`: the wallet does not have it;
 * - `unknown`: there is no such request, or no doubt about it.
 */
export type CorrectionResult =
  | { readonly kind: 'moved' | 'repeated'; readonly accountId: string; readonly available: NanoUsd }
  | { readonly kind: 'beyond'; readonly accountId: string; readonly most: NanoUsd }
  | { readonly kind: 'uncovered'; readonly accountId: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown' };

export interface QuarantineQuery {
  readonly decided: boolean;
  readonly after: { readonly at: number; readonly requestId: string } | undefined;
  readonly limit: number;
}

/** What operators put right. Every write may be repeated; methods reject with `unavailable` when the store cannot answer. */
export abstract class CorrectionStore {
  abstract correct(correction: Correction): Promise<CorrectionResult>;
  abstract quarantined(query: QuarantineQuery): Promise<readonly QuarantinedFact[]>;
  abstract decide(verdict: QuarantineVerdict): Promise<CorrectionResult>;
}

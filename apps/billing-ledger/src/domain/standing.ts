import type { Cap, Span } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

/** Money of an account: what may be spent, and what is held back for requests that run. */
export interface Wallet {
  readonly available: NanoUsd;
  readonly held: NanoUsd;
}

/** What is counted for a cap, whatever its limit: a subject of an account within a span. */
export interface Counter {
  readonly accountId: string;
  readonly subject: string;
  readonly span: Span;
}

/** A cap, and what its counter has counted within its span. */
export interface CapUse {
  readonly cap: Cap;
  readonly settled: NanoUsd;
  readonly held: NanoUsd;
  /** Epoch milliseconds: when the oldest bucket in which something was settled leaves; if none was, one begun now. */
  readonly leavesAt: number;
}

/** How an account stands towards a request: its wallet, and every cap that holds for the request. */
export interface Standing {
  /** Epoch milliseconds, by the clock of the store. */
  readonly at: number;
  readonly wallet: Wallet;
  readonly uses: readonly CapUse[];
}

/** What a cap has room for. Open holds count; a limit that was lowered below its use has no room. */
export const roomOf = ({ cap, settled, held }: CapUse): NanoUsd => notBelowZero(cap.limit - settled - held);

/** What is left of a cap as headers print it: holds are never shown, so a failure moves nothing (contract 0.4). */
export const remainingOf = ({ cap, settled }: CapUse): NanoUsd => notBelowZero(cap.limit - settled);

/** The most that the wallet and every cap have room for. */
export const leastRoom = ({ wallet, uses }: Pick<Standing, 'wallet' | 'uses'>): NanoUsd =>
  uses.reduce((least, use) => (roomOf(use) < least ? roomOf(use) : least), wallet.available);

/** Whether nothing but open holds keeps an amount out: if they all ended at no charge, it would have room. */
export const isHeldUp = ({ wallet, uses }: Pick<Standing, 'wallet' | 'uses'>, amount: NanoUsd): boolean =>
  amount <= wallet.available + wallet.held && uses.every((use) => amount <= remainingOf(use));

const notBelowZero = (amount: NanoUsd): NanoUsd => (amount > 0n ? amount : 0n);

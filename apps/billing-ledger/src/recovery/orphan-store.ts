import type { NanoUsd } from '@bytespike/kernel';

/** A request whose fact is stored and not confirmed; with the grant that its hold was carved from. */
export interface AskedRequest {
  readonly requestId: string;
  readonly grantId?: string | undefined;
}

/** What is held back, for operators to look at. */
export interface OpenHolds {
  readonly oldestAgeSeconds: number;
  /** Held for requests that nobody will report: their reporter is silent, or their time is over. */
  readonly stranded: NanoUsd;
}

/** Who reports how requests end, and which open holds nobody will report (ADR 0020). Rejects as `LedgerStore` does. */
export abstract class OrphanStore {
  /** A reporter lives; `oldestOpenMs` is the age of its oldest request that may still be reported. */
  abstract seen(reporter: string, oldestOpenMs: number): Promise<void>;
  /** A reporter is about to hold money: it is known from now on, and what has been heard of it already stands. */
  abstract greet(reporter: string): Promise<void>;
  /** Which of these reporters have been silent for so long, by the store's clock. One nobody has seen is not among them. */
  abstract silent(reporters: readonly string[], silentForMs: number): Promise<readonly string[]>;
  /**
   * Open holds whose reporter has been silent for so long, oldest first; never those of tasks. A grant is one when its ledger is silent, and no
   * request that may have been carved from it is open with a reporter that lives.
   */
  abstract orphans(silentForMs: number, limit: number): Promise<readonly string[]>;
  /** Which of these requests hold money back still, in a hold of their own or in an open grant. */
  abstract unended(requests: readonly AskedRequest[]): Promise<readonly string[]>;
  abstract openHolds(silentForMs: number): Promise<OpenHolds>;
  /** Forgets reporters that are long gone and have left nothing open. */
  abstract forgetGone(): Promise<void>;
}

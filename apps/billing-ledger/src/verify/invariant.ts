/** One law of the ledger, as a query whose every row is a violation. */
export interface Invariant {
  readonly id: string;
  readonly law: string;
  /** Names what it found in a column called `what`. */
  readonly violations: string;
}

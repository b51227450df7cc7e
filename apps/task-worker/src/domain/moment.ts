import type { Chance } from './cadence.js';

/** When a decision is made, and the dice it may throw. */
export interface Moment extends Chance {
  /** Epoch milliseconds. */
  readonly now: number;
}

import type { Pace } from './cadence.js';

/** When a decision is made, and the dice it may throw. */
export interface Moment extends Pace {
  /** Epoch milliseconds. */
  readonly now: number;
}

import type { Usage } from '@bytespike/kernel';

export const END_STATES = ['completed', 'failed', 'cancelled'] as const;
export type EndState = (typeof END_STATES)[number];

/** How a task ends, from the moment that this is decided: what is told to the ledger, again and again if need be. */
export interface Outcome {
  readonly end: EndState;
  /** What was rendered of what is paid for; empty where nothing is. */
  readonly units: Pick<Usage, 'images' | 'seconds'>;
  readonly decidedAt: number;
  /** When the bus last took the fact. */
  readonly statedAt?: number;
  /** How often it was stated anew. */
  readonly repeat?: number;
  /** It was never taken: nobody was told of it, and its row goes. */
  readonly isAbandoned?: boolean;
}

import type { StoredResponse, StoredTurn } from './stored-turn.js';

export interface Kept extends StoredResponse {
  readonly keyId: string;
}

export interface ChainLimits {
  readonly turnsMax: number;
  readonly bytesMax: number;
}

/**
 * How far a chain could be followed: `whole`, or why not. A `broken` one names a turn that is not there (any more), a
 * `long` or `large` one reaches beyond its limit.
 */
export type Chain =
  | { readonly state: 'whole'; readonly turns: readonly StoredTurn[] }
  | { readonly state: 'missing' | 'broken' | 'long' | 'large' };

/** Where responses are kept, each for one key. Every method throws `unavailable` when the store cannot answer. */
export abstract class StoredResponseStore {
  /** Resolves when the response is durable. A repeated id is written over: the vendor gave it twice for one answer. */
  abstract keep(response: Kept): Promise<void>;
  /** The turns up to this response, oldest first. */
  abstract chain(keyId: string, responseId: string, limits: ChainLimits): Promise<Chain>;
  /** The turns that hold any of these items, newest first. */
  abstract holders(keyId: string, itemIds: readonly string[]): Promise<readonly StoredTurn[]>;
  abstract find(keyId: string, responseId: string): Promise<StoredResponse | undefined>;
  /** Whether there was anything to forget. */
  abstract forget(keyId: string, responseId: string): Promise<boolean>;
  /** Removes what has expired; resolves to how many went. */
  abstract sweep(): Promise<number>;
}

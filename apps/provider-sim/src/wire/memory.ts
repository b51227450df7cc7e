import type { PromptCache } from '../cache/prompt-cache.js';
import type { Renders } from '../renders/renders.js';

/** What the simulator remembers between calls, shared by all wires and bounded in every direction. */
export interface Memory {
  readonly promptCache: PromptCache;
  /** A bounded store for what a vendor keeps by id (Responses' `previous_response_id`). */
  readonly objects: { get(id: string): unknown; set(id: string, value: unknown, bytes?: number): void };
  /** What was ordered to be drawn or filmed. */
  readonly renders: Renders;
}

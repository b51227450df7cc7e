import type { Memory, Remembered } from '@bytespike/protocols';

/**
 * Keeps the reasoning in front of tool calls for clients that do not hand it back (protocols 2.6), by account and call.
 * It is a convenience: where it cannot be reached, a request goes on with less and is told so. It never throws.
 */
export abstract class ReasoningMemory {
  abstract recall(accountId: string, callIds: readonly string[]): Promise<Remembered>;
  abstract keep(accountId: string, memories: readonly Memory[]): Promise<'kept' | 'lost'>;
}

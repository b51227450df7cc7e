import type { SeenBody } from './raw-lane-terms.js';

/** The wire has two spellings of each member. */
const CALLS = ['"functionCall"', '"function_call"'];
const RESULTS = ['"functionResponse"', '"function_response"'];

/**
 * Whether the owner of the Gemini wire may be sent these bytes. It refuses more results than there are calls, and Gemini
 * CLI repeats every result of a session that it resumes.
 */
export function ownGeminiRawLane({ count }: SeenBody): boolean {
  const all = (names: readonly string[]): number => names.reduce((sum, name) => sum + count(name), 0);
  return all(RESULTS) <= all(CALLS);
}

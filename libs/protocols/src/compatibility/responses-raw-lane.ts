import type { SeenBody } from './raw-lane-terms.js';

/** A member of an object as compact and as spaced JSON have it. */
const member = (name: string, value: string): readonly string[] => [`"${name}":${value}`, `"${name}": ${value}`];

const UNSTORED = member('store', 'false');
const REASONING = member('type', '"reasoning"');
const SEALED = member('encrypted_content', '"');

/**
 * Whether the owner of the Responses wire may be sent these bytes. It refuses the response format by the name that the
 * Chat wire has for it, which our clients may use (contract 4.3). Reasoning without its sealed content is a name that
 * it looks up; a caller who has nothing stored has that from another vendor, whose reasoning is readable.
 */
export function ownResponsesRawLane({ fields, count }: SeenBody): boolean {
  if (fields.includes('response_format')) return false;
  const all = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + count(text), 0);
  return all(UNSTORED) === 0 || all(REASONING) <= all(SEALED);
}

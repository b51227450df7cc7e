import { parseJson } from '@bytespike/kernel';

/** How a topic's message holds facts: a JSON array, since facts that are stated within a moment leave together. */
export const joinFacts = (texts: readonly string[]): string => `[${texts.join(',')}]`;

/** The facts of a message, unchecked. One that stands alone (`nats pub` by hand, say) needs no brackets. */
export function splitFacts(text: string): readonly unknown[] {
  const json = parseJson(text);
  return Array.isArray(json) ? json : [json];
}

import type { TopicContract } from '@bytespike/contracts';
import { parseJson } from '@bytespike/kernel';
import type { z } from 'zod';

import { decodeValue } from './wire-json.js';

/** How a topic's message holds facts: a JSON array, since facts that are stated within a moment leave together. */
export const joinFacts = (texts: readonly string[]): string => `[${texts.join(',')}]`;

/** The facts of a message, unchecked. One that stands alone (`nats pub` by hand, say) needs no brackets. */
export function splitFacts(text: string): readonly unknown[] {
  const json = parseJson(text);
  return Array.isArray(json) ? json : [json];
}

/** The fact whose text `publish` answered. */
export const readFact = <T extends TopicContract>(topic: T, text: string): z.output<T['payload']> =>
  decodeValue(topic.payload, text, `the fact ${topic.subject}`, 'internal') as z.output<T['payload']>;

import type { Finish } from '@bytespike/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { lookUp } from '../look-up.js';
import { PAUSED, REASONS } from './finish.js';

/** A call ends with STOP like any other answer, so what was said decides. */
export function finishOf(word: string, calls: 'called' | 'not-called'): Finish {
  const reason = lookUp(REASONS, word) ?? 'other';
  if (reason === 'failed') return 'unusable';
  if (word === PAUSED) return 'pause';
  return reason === 'stop' && calls === 'called' ? 'tool-calls' : reason;
}

export const objectsIn = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];

export function searchesIn(body: JsonObject | undefined): number {
  const grounding = objectsIn(body?.candidates).map(({ groundingMetadata }) => groundingMetadata);
  return grounding
    .filter(isJsonObject)
    .reduce((sum, { webSearchQueries: queries }) => sum + (Array.isArray(queries) ? queries.length : 0), 0);
}

/** Everything the candidates said. */
export const partsIn = (body: JsonObject | undefined): readonly JsonObject[] =>
  objectsIn(body?.candidates).flatMap(({ content }) => objectsIn(isJsonObject(content) ? content.parts : undefined));

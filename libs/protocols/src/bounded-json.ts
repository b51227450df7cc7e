import { tryParseJson, type JsonValue } from '@bytespike/kernel';

import { isTooDeep } from './json-depth.js';
import { hasTooManyValues } from './json-values.js';

/** A vendor's text as JSON; undefined where it is none, too deep to be walked, or more than fits into memory. */
export const boundedJson = (text: string): JsonValue | undefined =>
  isTooDeep(text) || hasTooManyValues(text) ? undefined : tryParseJson(text);

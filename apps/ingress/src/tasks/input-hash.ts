import { createHash } from 'node:crypto';

import { isJsonObject, type JsonObject } from '@bytespike/kernel';

/**
 * Tells a repeat of a submit from another task of the same name (contract 9.1): the model that serves, by whichever name it
 * was asked for, and the parameters as they were given, in whichever order and shape.
 */
export function inputHash(model: string, params: JsonObject): string {
  const text = JSON.stringify([model, params], (_key, value: unknown) =>
    isJsonObject(value) ? ordered(value) : value,
  );
  return createHash('sha256').update(text).digest('base64url');
}

const ordered = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));

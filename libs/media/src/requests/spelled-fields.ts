import type { JsonObject, JsonValue } from '@bytespike/kernel';
import type { z } from 'zod';

import { invalidParam } from './invalid-param.js';

/** How clients spell each field, the canonical spelling first. */
export type Spellings<Field extends string> = Readonly<Record<Field, readonly [string, ...string[]]>>;

/** A client's wish with the place of each of its fields in the client's own words. */
export interface Reading<Wish> {
  readonly wish: Wish;
  readonly where: (field: keyof Wish & string) => string;
}

export interface SpelledFields<Field extends string> {
  readonly values: Readonly<Partial<Record<Field, JsonValue>>>;
  readonly where: (field: Field) => string;
}

/** Fields about the caller and not about the picture; they change nothing and are not passed on. */
const ABOUT_THE_CALLER: ReadonlySet<string> = new Set(['user', 'safety_identifier', 'metadata']);

/**
 * Reads an object whose fields have several spellings. A field nobody knows is refused, because a misspelt length
 * would be billed at its default; so are two spellings of one field. `null` means absent.
 */
export function readSpelled<Field extends string>(
  spellings: Spellings<Field>,
  given: JsonObject,
  at: string,
): SpelledFields<Field> {
  const fieldOf = new Map<string, Field>();
  for (const field of Object.keys(spellings) as Field[])
    for (const spelling of spellings[field]) fieldOf.set(spelling, field);
  const values: Partial<Record<Field, JsonValue>> = {};
  const spelt: Partial<Record<Field, string>> = {};
  for (const [spelling, value] of Object.entries(given)) {
    if (value === null || value === undefined || ABOUT_THE_CALLER.has(spelling)) continue;
    const field = fieldOf.get(spelling);
    if (field === undefined) throw invalidParam(`${at}${spelling}`, 'unknown parameter', [...fieldOf.keys()]);
    if (spelt[field] !== undefined) throw invalidParam(`${at}${spelling}`, `says the same as ${at}${spelt[field]}`);
    values[field] = value;
    spelt[field] = spelling;
  }
  return { values, where: (field) => `${at}${spelt[field] ?? spellings[field][0]}` };
}

/** The fields as a schema reads them; the first thing wrong is told with its place. */
export function parseSpelled<Field extends string, Output>(
  fields: SpelledFields<Field>,
  schema: z.ZodType<Output>,
): Output {
  const parsed = schema.safeParse(fields.values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [field, ...rest] = issue?.path ?? [];
  const param = [fields.where(field as Field), ...rest].join('.');
  throw invalidParam(param, issue?.message ?? 'invalid');
}

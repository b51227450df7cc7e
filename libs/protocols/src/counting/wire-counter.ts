import type { JsonObject, JsonValue } from '@bytespike/kernel';

/** How tokens are counted on one wire, in both roles: the client that asks for a count, and the vendor that makes it. */
export interface WireCounter {
  /** A client's question as the request whose tokens it asks for. */
  asRequest(question: JsonObject): JsonObject;
  /** A vendor's question from the request it would be sent; counters refuse what only matters to an answer. */
  asQuestion(request: JsonObject, upstreamModel: string): JsonObject;
  /** The number in a vendor's answer, `undefined` when there is none. */
  read(answer: JsonValue | undefined): number | undefined;
  /** A number as this wire's clients read it. */
  write(tokens: number): JsonObject;
}

/** The members of an object that a counter takes. */
export const only = (object: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));

/** A count as a vendor may have said it; anything else is none. */
export const tokenCount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

import type { JsonObject, ProtocolName } from '@bytespike/kernel';

/**
 * A node as it stood on the wire. Rendering to the same protocol prefers it, so that history bound to its exact
 * form (signed thinking, cache prefixes) is replayed untouched; rendering to another one ignores it.
 */
export interface Raw {
  readonly protocol: ProtocolName;
  readonly value: JsonObject;
}

/** Fields of a protocol that the hub does not model. Only the same protocol reads its own key. */
export type Extensions = Partial<Readonly<Record<ProtocolName, JsonObject>>>;

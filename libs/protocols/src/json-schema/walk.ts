import type { JsonObject, JsonValue } from '@bytespike/kernel';

import { definitionsOf, type Definitions } from './definitions.js';
import type { SchemaDialect } from './dialects.js';
import type { JoinRoom } from './merge.js';

/** A client's own nodes are as many as its body holds; inlining multiplies them, and this is where that ends. */
const INLINED_NODES_MAX = 1_000;
const DEPTH_MAX = 100;
/** A hundred schemas of a few hundred properties, joined one after the other. */
const JOINED_KEYS_MAX = 50_000;
/** What is kept of one constraint in words. */
const NOTE_LENGTH_MAX = 300;

/** A constraint that the dialect cannot hold. */
export interface Lost {
  /** JSON pointer into the client's own schema. */
  readonly pointer: string;
  readonly keyword: string;
}

/** One projection as it goes. */
export interface Walk {
  readonly dialect: SchemaDialect;
  readonly definitions: Definitions;
  readonly lost: Lost[];
  readonly joining: JoinRoom;
  inlinedNodes: number;
  /** References that were followed from within what another one means. */
  links: number;
}

/** Where a node stands, and how it was reached. */
export interface Place {
  readonly pointer: string;
  /** References being inlined around it. */
  readonly inlined: readonly string[];
  readonly depth: number;
  /** Whether the innermost property around it may be left out. */
  readonly optional: boolean;
}

export const ROOT: Place = { pointer: '', inlined: [], depth: 0, optional: false };

export const openWalk = (schema: JsonObject, dialect: SchemaDialect): Walk => ({
  dialect,
  definitions: definitionsOf(schema),
  lost: [],
  joining: { keysLeft: JOINED_KEYS_MAX },
  inlinedNodes: 0,
  links: 0,
});

/** The place of a node within another: `properties`, `name`. */
export const within = (place: Place, ...keys: readonly (string | number)[]): Place => ({
  ...place,
  pointer: place.pointer + keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  depth: place.depth + 1,
});

/** Whether one more reference may be followed from here: chains of thousands mean nothing to anybody. */
export function mayFollow(walk: Walk, { inlined }: Place): boolean {
  if (inlined.length > 0) walk.links += 1;
  return inlined.length < DEPTH_MAX && walk.links <= INLINED_NODES_MAX;
}

/** Whether a walk has room for one more node here; where it has none, what stands there is lost. */
export function hasRoom(walk: Walk, place: Place): boolean {
  if (place.inlined.length > 0) walk.inlinedNodes += 1;
  if (walk.inlinedNodes <= INLINED_NODES_MAX && place.depth <= DEPTH_MAX) return true;
  walk.lost.push({ pointer: place.pointer, keyword: 'depth' });
  return false;
}

/** What one node loses: told to the walk, and kept for its description. */
export interface Notes {
  readonly texts: readonly string[];
  lose(keyword: string, value: JsonValue | undefined): void;
  /** Keeps what constrains nothing. */
  advise(keyword: string, value: JsonValue): void;
}

export function openNotes(walk: Walk, place: Place): Notes {
  const texts: string[] = [];
  const advise = (keyword: string, value: JsonValue | undefined): void =>
    void texts.push(`${keyword}: ${JSON.stringify(value)}`.slice(0, NOTE_LENGTH_MAX));
  return {
    texts,
    advise,
    lose(keyword, value) {
      walk.lost.push({ pointer: place.pointer, keyword });
      advise(keyword, value);
    },
  };
}

/** The node with what it lost in the words of its description. */
export function describe(node: JsonObject, { texts }: Pick<Notes, 'texts'>): JsonObject {
  if (texts.length === 0) return node;
  const note = `(${texts.join('; ')})`;
  const { description } = node;
  return {
    ...node,
    description: typeof description === 'string' && description !== '' ? `${description}\n${note}` : note,
  };
}

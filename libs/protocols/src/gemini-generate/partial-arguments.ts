import type { JsonValue } from '@bytespike/kernel';

import type { WirePartialArg } from './schema.js';

/** Past this a path names no place that a model would fill. */
const INDEX_MAX = 10_000;
const DEPTH_MAX = 64;

type Step = string | number;

/** `$.a.b[0]['c d']` as its steps; `undefined` for what is no such path. */
function stepsOf(path: string): readonly Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const pattern = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) return undefined;
    const [, name, index, quoted, doubled] = match;
    steps.push(index === undefined ? (name ?? unescape(quoted ?? doubled ?? '')) : Number(index));
  }
  const fits = steps.length <= DEPTH_MAX && steps.every((step) => typeof step === 'string' || step <= INDEX_MAX);
  return fits && steps.length > 0 ? steps : undefined;
}

const unescape = (text: string): string => text.replace(/\\(.)/g, '$1');

const valueOf = (arg: WirePartialArg): JsonValue => arg.stringValue ?? arg.numberValue ?? arg.boolValue ?? null;

/**
 * Arguments with one more piece of them put in its place; a further piece of a string is added to it. `undefined` where
 * the place does not exist in what came before.
 */
export function addArgument(value: JsonValue | undefined, arg: WirePartialArg): JsonValue | undefined {
  const steps = stepsOf(arg.jsonPath);
  return steps && put(value, steps, valueOf(arg));
}

function put(holder: JsonValue | undefined, [step, ...rest]: readonly Step[], value: JsonValue): JsonValue | undefined {
  if (step === undefined) return typeof holder === 'string' && typeof value === 'string' ? holder + value : value;
  if (typeof step === 'number') {
    const list: readonly JsonValue[] =
      holder === undefined ? [] : Array.isArray(holder) ? (holder as readonly JsonValue[]) : FAULT;
    if (list === FAULT) return undefined;
    const entry = put(list[step] ?? undefined, rest, value);
    if (entry === undefined) return undefined;
    const filled = Array.from({ length: Math.max(list.length, step + 1) }, (_, at) => list[at] ?? null);
    filled[step] = entry;
    return filled;
  }
  if (holder !== undefined && (typeof holder !== 'object' || holder === null || Array.isArray(holder)))
    return undefined;
  const fields = new Map(Object.entries(holder ?? {}));
  const entry = put(fields.get(step), rest, value);
  if (entry === undefined) return undefined;
  fields.set(step, entry);
  return Object.fromEntries(fields);
}

const FAULT: readonly JsonValue[] = [];

import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

/** What the references of one schema document point at. */
export interface Definitions {
  /** The node a reference means; undefined for one that leads nowhere, or out of the document. */
  find(ref: string): JsonValue | undefined;
  /** Whether following a reference leads back to it. */
  isRecursive(ref: string): boolean;
}

/** Schemas of tools define a dozen things; past this, every reference counts as recursive and nothing is searched. */
const REFS_MAX = 500;

export function definitionsOf(root: JsonObject): Definitions {
  const refsIn = new Map<string, readonly string[]>();
  const recursive = new Map<string, boolean>();
  const find = (ref: string): JsonValue | undefined => resolve(root, ref);

  const refsFrom = (ref: string): readonly string[] => {
    const known = refsIn.get(ref);
    if (known) return known;
    const found = new Set<string>();
    collectRefs(find(ref), found);
    const refs = [...found];
    refsIn.set(ref, refs);
    return refs;
  };

  const leadsBack = (ref: string): boolean => {
    const seen = new Set<string>();
    const waiting = [...refsFrom(ref)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === ref || seen.size > REFS_MAX) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...refsFrom(next));
    }
    return false;
  };

  return {
    find,
    isRecursive(ref) {
      const known = recursive.get(ref);
      if (known !== undefined) return known;
      const answer = recursive.size >= REFS_MAX || leadsBack(ref);
      recursive.set(ref, answer);
      return answer;
    },
  };
}

function resolve(root: JsonObject, ref: string): JsonValue | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let node: JsonValue | undefined = root;
  for (const token of ref.slice(2).split('/')) {
    const key = decoded(token).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as JsonObject)[key];
  }
  return node;
}

/** References are URI fragments, so their characters may be escaped. A broken escape is taken as it stands. */
function decoded(token: string): string {
  return /^(?:[^%]|%[0-7][0-9A-Fa-f])*$/.test(token) ? decodeURIComponent(token) : token;
}

function collectRefs(node: JsonValue | undefined, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if (isJsonObject(node) && typeof node['$ref'] === 'string') found.add(node['$ref']);
  for (const value of Object.values(node) as (JsonValue | undefined)[]) collectRefs(value, found);
}

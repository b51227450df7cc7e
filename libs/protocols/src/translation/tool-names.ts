import type { GenerateRequest } from '@bytespike/ir';

import type { NameRule } from '../protocol.js';
import type { Renaming } from './rename.js';

/**
 * Names for tools whose own the target does not accept. They depend on the name alone, so the same conversation is
 * always rendered alike, and they are unique within the request, so an answer finds its tool again.
 */
export function toolNames(request: GenerateRequest, rule: NameRule): Renaming {
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  const called = request.turns.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])),
  );
  const names = [...new Set([...request.tools.map(({ name }) => name), ...called])];
  const taken = new Set(names.filter((name) => accepts(rule, name)));
  for (const name of names) {
    if (accepts(rule, name)) continue;
    const given = fitting(name, rule, taken);
    taken.add(given);
    there.set(name, given);
    back.set(given, name);
  }
  return { there, back };
}

export const accepts = ({ pattern, lengthMax }: NameRule, name: string): boolean =>
  name.length <= lengthMax && pattern.test(name);

function fitting(name: string, { lengthMax }: NameRule, taken: ReadonlySet<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_');
  for (let salt = 0; ; salt += 1) {
    const suffix = `_${fingerprint(`${salt}${name}`)}`;
    const candidate = plain.slice(0, lengthMax - suffix.length) + suffix;
    if (!taken.has(candidate)) return candidate;
  }
}

/** FNV-1a, 32 bits: tells like-named tools apart, no secret depends on it. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

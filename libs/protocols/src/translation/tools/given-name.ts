import type { NameRule } from '../../protocol.js';

export const accepts = ({ pattern, lengthMax }: NameRule, name: string): boolean =>
  name.length <= lengthMax && pattern.test(name);

/**
 * A name the rule accepts, for one it may not. It depends on the wanted name alone, so the same conversation is always
 * rendered alike, and it is none of those already given.
 */
export function givenName(wanted: string, rule: NameRule, taken: (name: string) => boolean): string {
  if (accepts(rule, wanted) && !taken(wanted)) return wanted;
  const letters = wanted.replace(/[^A-Za-z0-9_-]/g, '_');
  // Some names may not begin with a digit.
  const plain = rule.pattern.test(letters) ? letters : `_${letters}`;
  for (let salt = 0; ; salt += 1) {
    const suffix = `_${fingerprint(`${salt}${wanted}`)}`;
    const candidate = plain.slice(0, rule.lengthMax - suffix.length) + suffix;
    if (!taken(candidate)) return candidate;
  }
}

/** FNV-1a, 32 bits: tells like names apart, no secret depends on it. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

import type { FlatHeaders } from './accounting-headers.js';

/** What only a header tells: that an answer is a repeat, that another model gives it than was asked for, and what was lost. */
const TOLD: ReadonlySet<string> = new Set(['Idempotent-Replayed', 'X-Model-Alias', 'x-gateway-warnings']);

/** What the head of a stream would have told, had it been known when it went out; a line for each header. */
export function lateWords(sent: FlatHeaders, known: FlatHeaders): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < known.length; at += 2) {
    const [name = '', value = ''] = known.slice(at, at + 2);
    if (TOLD.has(name) && sent[sent.indexOf(name) + 1] !== value) lines.push(`${name.toLowerCase()}: ${value}`);
  }
  return lines;
}

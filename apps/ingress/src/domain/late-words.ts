import type { FlatHeaders } from './accounting-headers.js';

/** What only a header tells: that another model answers than was asked for, and what was lost on the way. */
const TOLD: ReadonlySet<string> = new Set(['X-Model-Alias', 'x-gateway-warnings']);

/** What the head of a stream would have told, had it been known when it went out, as a record of comments; else nothing. */
export function lateWords(sent: FlatHeaders, known: FlatHeaders): string {
  const lines: string[] = [];
  for (let at = 0; at < known.length; at += 2) {
    const [name = '', value = ''] = known.slice(at, at + 2);
    if (TOLD.has(name) && sent[sent.indexOf(name) + 1] !== value) lines.push(`: ${name.toLowerCase()}: ${value}\n`);
  }
  return lines.length === 0 ? '' : `${lines.join('')}\n`;
}

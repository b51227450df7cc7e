import { stdSerializers } from 'pino';

/** Fields that may hold a secret or a prompt; they are cut whatever a caller hands over. */
const REDACTED: ReadonlySet<string> = new Set([
  'authorization',
  'key',
  'secret',
  'credential',
  'body',
  'headers',
  'prompt',
  'content',
  'url',
  // Postgres quotes whole rows and pieces of JSON in these fields of its errors, a prompt in `tasks.task.asked` among them.
  'detail',
  'where',
]);

const CENSOR = '[redacted]';
/** Log fields are flat, errors have fields of their own; what is nested deeper is no log line. */
const DEPTH_MAX = 4;

/** The fields of a log line without what must not be in one. pino's own paths cost ten times this on every line. */
export function redact(fields: object, depth = 1): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    safe[name] = REDACTED.has(name)
      ? CENSOR
      : typeof value === 'object' && value !== null
        ? nested(value, depth)
        : value;
  return safe;
}

function nested(value: object, depth: number): unknown {
  if (value instanceof Error) return redact(stdSerializers.err(value), depth + 1);
  if (value instanceof Date) return value;
  if (depth >= DEPTH_MAX) return '[nested too deeply]';
  if (!Array.isArray(value)) return redact(value, depth + 1);
  return value.map((item: unknown) => (typeof item === 'object' && item !== null ? nested(item, depth + 1) : item));
}

const GRANTED = ['flex', 'priority', 'scale', 'fast', 'ultrafast'];

/** The tier that served a request: what was asked for by name, and `default` for the rest, `auto` included. */
export const servedTier = (asked: unknown): string =>
  typeof asked === 'string' && GRANTED.includes(asked) ? asked : 'default';

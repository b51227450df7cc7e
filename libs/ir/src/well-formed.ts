import type { StreamEvent } from './event.js';

type Growing = 'text' | 'refusal' | 'reasoning' | 'tool-call';

/** What the grammar remembers while it reads a stream. */
interface Reading {
  started: boolean;
  finished: boolean;
  ended: boolean;
  next: number;
  readonly open: Map<number, Growing>;
}

const DELTA_PARTS = {
  'text-delta': ['text', 'refusal'],
  'reasoning-delta': ['reasoning'],
  'arguments-delta': ['tool-call'],
  citation: ['text'],
  capsule: ['reasoning', 'tool-call'],
} as const satisfies Partial<Record<StreamEvent['type'], readonly Growing[]>>;

/**
 * The first way in which a stream breaks the rules, or `undefined`. The rules: one start, first; parts begin in
 * order and are balanced; deltas fit their open part; one finish after all parts have ended, or one error;
 * nothing after the end.
 */
export function findStreamFault(events: readonly StreamEvent[]): string | undefined {
  const reading: Reading = { started: false, finished: false, ended: false, next: 0, open: new Map() };
  for (const [position, event] of events.entries()) {
    const fault = read(reading, event);
    if (fault) return `event ${position} (${event.type}): ${fault}`;
  }
  return reading.ended ? undefined : 'the stream has no end';
}

function read(reading: Reading, event: StreamEvent): string | undefined {
  if (reading.ended) return 'comes after the end';
  if (event.type === 'error') {
    reading.ended = true;
    return undefined;
  }
  if (event.type === 'ping') return undefined;
  if (event.type === 'response-start') {
    if (reading.started) return 'a second start';
    reading.started = true;
    return undefined;
  }
  return reading.started ? readBody(reading, event) : 'comes before the start';
}

function readBody(reading: Reading, event: Exclude<StreamEvent, { type: 'response-start' | 'ping' | 'error' }>) {
  switch (event.type) {
    case 'part-start':
    case 'part-whole':
      if (reading.finished) return 'a part after the finish';
      if (event.index !== reading.next) return `part ${event.index} where ${reading.next} is next`;
      reading.next += 1;
      if (event.type === 'part-start') reading.open.set(event.index, event.part.type);
      return undefined;
    case 'part-end':
      return reading.open.delete(event.index) ? undefined : `part ${event.index} is not open`;
    case 'usage':
    case 'tier':
      return undefined;
    case 'finish':
      if (reading.finished) return 'a second finish';
      reading.finished = true;
      return reading.open.size > 0 ? 'a finish while parts are open' : undefined;
    case 'response-end':
      reading.ended = true;
      return reading.finished ? undefined : 'an end without a finish';
    default: {
      const part = reading.open.get(event.index);
      if (!part) return `part ${event.index} is not open`;
      const accepted: readonly Growing[] = DELTA_PARTS[event.type];
      return accepted.includes(part) ? undefined : `does not belong into ${part}`;
    }
  }
}

import { LIMITS } from '@bytespike/kernel';
import { foldStream, type ResponsePart, type StreamEvent } from '@bytespike/ir';

/** Remembers what a vendor has said so far, so that it can be sent back to it. */
export interface HeardAnswer {
  hear(event: StreamEvent): void;
  /** The parts, all of which have ended; none where there was more than is worth sending back. */
  parts(): readonly ResponsePart[];
}

const GROWING = ['text-delta', 'reasoning-delta', 'arguments-delta'] as const;
type Delta = Extract<StreamEvent, { readonly type: (typeof GROWING)[number] }>;

const isDelta = (event: StreamEvent | undefined): event is Delta => GROWING.some((type) => type === event?.type);

/** Deltas that grow the same text are one: an answer is held in about the room its words take. */
function grown(last: StreamEvent | undefined, event: Delta): Delta | undefined {
  if (!isDelta(last) || last.type !== event.type || last.index !== event.index) return undefined;
  const sameSegment =
    last.type !== 'reasoning-delta' || event.type !== 'reasoning-delta' || last.segment === event.segment;
  return sameSegment ? { ...last, text: last.text + event.text } : undefined;
}

export function openHeardAnswer(charactersMax: number = LIMITS.storedResponseBytesMax): HeardAnswer {
  const events: StreamEvent[] = [];
  let characters = 0;
  return {
    hear(event) {
      if (characters > charactersMax) return;
      if (!isDelta(event)) return void events.push(event);
      characters += event.text.length;
      const merged = grown(events.at(-1), event);
      if (merged) events[events.length - 1] = merged;
      else events.push(event);
    },
    parts: () =>
      characters > charactersMax
        ? []
        : foldStream([...events, { type: 'finish', finish: { reason: 'pause' } }, { type: 'response-end' }]).parts,
  };
}

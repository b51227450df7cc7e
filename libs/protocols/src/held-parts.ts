import type { StreamEvent } from '@bytespike/ir';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

/** Parts that have begun while another is being written, for wires whose parts may not overlap. */
export interface HeldPart {
  readonly index: number;
  readonly events: readonly PartEvent[];
}

/** Adds an event to its part, joining neighbouring deltas so that what is held stays small. */
export function hold(held: readonly HeldPart[], event: PartEvent): readonly HeldPart[] {
  const part = held.find(({ index }) => index === event.index);
  if (!part) return [...held, { index: event.index, events: [event] }];
  const events = join(part.events, event);
  return held.map((other) => (other === part ? { index: part.index, events } : other));
}

function join(events: readonly PartEvent[], event: PartEvent): readonly PartEvent[] {
  const last = events.at(-1);
  if (!last || !('text' in last) || !('text' in event) || last.type !== event.type) return [...events, event];
  if (last.type === 'reasoning-delta' && event.type === 'reasoning-delta' && last.segment !== event.segment)
    return [...events, event];
  return [...events.slice(0, -1), { ...last, text: last.text + event.text }];
}

/** What an encoder that writes one part at a time remembers of the order. */
interface OnePartOpen {
  readonly open: object | undefined;
  readonly held: readonly HeldPart[];
}

/** Writes held parts in the order they began, up to the first that is still growing. */
export function release<State extends OnePartOpen, Chunk>(
  state: State,
  written: readonly Chunk[],
  take: (state: State, event: PartEvent) => readonly [State, readonly Chunk[]],
): readonly [State, readonly Chunk[]] {
  let current = state;
  const chunks = [...written];
  while (!current.open && current.held.length > 0) {
    const [first, ...held] = current.held;
    current = { ...current, held };
    for (const event of first?.events ?? []) {
      const [next, more] = take(current, event);
      current = next;
      chunks.push(...more);
    }
  }
  return [current, chunks];
}

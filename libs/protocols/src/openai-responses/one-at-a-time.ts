import type { StreamEvent } from '@bytespike/ir';

import { hold, type HeldPart } from '../held-parts.js';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

/** What is being written, and what waits for it: items of this wire follow one another (protocols 1.2). */
export interface Order {
  /** The part that is growing. */
  readonly open: number | undefined;
  /** The search whose result is still to come; another one waits for it. */
  readonly search: string | undefined;
  readonly held: readonly HeldPart[];
}

export const IN_ORDER: Order = { open: undefined, search: undefined, held: [] };

type Ordered = readonly [Order, readonly PartEvent[]];

/** The events that may be written now, in an order in which no part begins before the last one has ended. */
export function oneAtATime(order: Order, event: PartEvent): Ordered {
  const waits = order.open === undefined ? isSearch(event) && order.search !== undefined : event.index !== order.open;
  if (waits) return [{ ...order, held: hold(order.held, event) }, []];
  // Whatever else begins ends the wait of a search for the one before it.
  const isNew = order.open === undefined && !isResult(event);
  const [ready, before] = isNew ? release({ ...order, search: undefined }) : ([order, []] as const);
  const [after, more] = release(advance(ready, event));
  return [after, [...before, event, ...more]];
}

const isSearch = (event: PartEvent): boolean => event.type === 'part-whole' && event.part.type === 'server-tool-call';
const isResult = (event: PartEvent): boolean => event.type === 'part-whole' && event.part.type === 'server-tool-result';

function advance(order: Order, event: PartEvent): Order {
  if (event.type === 'part-start') return { ...order, open: event.index, search: undefined };
  if (event.type === 'part-end') return { ...order, open: undefined };
  if (event.type !== 'part-whole') return order;
  const { part } = event;
  if (part.type === 'server-tool-call') return { ...order, search: part.id };
  return part.type !== 'server-tool-result' || part.callId === order.search ? { ...order, search: undefined } : order;
}

/** Held parts in the order they began, up to the first that is still growing or has to wait on. */
function release(order: Order): Ordered {
  let current = order;
  const events: PartEvent[] = [];
  for (;;) {
    const [first, ...held] = current.held;
    if (!first || current.open !== undefined) break;
    if (first.events.some(isSearch) && current.search !== undefined) break;
    current = first.events.reduce(advance, { ...current, held });
    events.push(...first.events);
  }
  return [current, events];
}

import type { StreamEvent } from '@bytespike/ir';

import type { WireOutputItem } from './schema-events.js';

/** A part of a message as far as it has been told. */
interface OpenSaid {
  /** Index of its part in the hub. */
  readonly index: number;
  readonly text: string;
  readonly cited: number;
  readonly isDone: boolean;
}

/** An item as far as it has been told. */
export interface OpenItem {
  /** Its number on the wire; ids may change from event to event, numbers do not (T81). */
  readonly wireIndex: number;
  readonly type: string;
  readonly id: string | undefined;
  readonly callId: string | undefined;
  readonly isDone: boolean;
  readonly phase: string | undefined;
  readonly refused: boolean;
  readonly said: Readonly<Record<number, OpenSaid>>;
  /** Index of the part of a reasoning item or a call, once it has begun. */
  readonly index: number | undefined;
  readonly slot: 'summary' | 'content' | undefined;
  readonly segments: readonly string[];
  readonly name: string;
  readonly namespace: string | undefined;
  readonly text: string;
  /** Whether it is a call that ended without arguments: what follows it shows whether it has none or was cut. */
  readonly isBare: boolean;
}

/** What an item has become, the events that tell it, and the index of the next part. */
export interface Told {
  readonly item: OpenItem;
  readonly next: number;
  readonly events: readonly StreamEvent[];
}

export const openItem = (wireIndex: number, type: string, item?: WireOutputItem): OpenItem => ({
  wireIndex,
  type,
  id: item?.id ?? undefined,
  callId: item?.call_id ?? undefined,
  isDone: false,
  phase: item?.phase ?? undefined,
  refused: false,
  said: {},
  index: undefined,
  slot: undefined,
  segments: [],
  name: item?.name ?? '',
  namespace: item?.namespace ?? undefined,
  text: '',
  isBare: false,
});

/** What a text told whole adds to what its deltas have told. */
export const restOf = (whole: string | null | undefined, told: string): string =>
  whole?.startsWith(told) ? whole.slice(told.length) : '';

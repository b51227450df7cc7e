import type { WireItem } from './schema-items.js';

/** An item, where its turn stood in the hub, and where it stood among the client's items if it was one of them. */
export interface PlacedItem {
  readonly item: WireItem;
  readonly path: string;
  readonly at?: number;
}

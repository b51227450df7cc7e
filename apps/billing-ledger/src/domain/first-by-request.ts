export interface FirstByRequest<Item> {
  /** The first item of each request, in order: of several for one request only one may reach the store. */
  readonly first: ReadonlyMap<string, Item>;
  /** Whether the item at this place repeats the request of an earlier one. */
  isRepeat(place: number): boolean;
}

/** Sorts out a batch in which one request may appear more than once. */
export function firstByRequest<Item extends { readonly requestId: string }>(
  items: readonly Item[],
): FirstByRequest<Item> {
  const first = new Map<string, Item>();
  const repeats = new Set<number>();
  items.forEach((item, place) => {
    if (first.has(item.requestId)) repeats.add(place);
    else first.set(item.requestId, item);
  });
  return { first, isRepeat: (place) => repeats.has(place) };
}

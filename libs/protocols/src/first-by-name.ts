/** The first of each name, for whoever looks up one name after the other: both lists may be as long as a body holds. */
export function firstByName<T>(
  items: readonly T[],
  nameOf: (item: T) => string | undefined,
): ReadonlyMap<string | undefined, T> {
  const first = new Map<string | undefined, T>();
  for (const item of items) if (!first.has(nameOf(item))) first.set(nameOf(item), item);
  return first;
}

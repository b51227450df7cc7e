/** Work on a list that is done once, however often it is asked about; what came of it goes with the list. */
export function onceFor<K extends object, V>(work: (list: K) => V): (list: K) => V {
  const done = new WeakMap<K, { readonly value: V }>();
  return (list) => {
    const known = done.get(list) ?? { value: work(list) };
    done.set(list, known);
    return known.value;
  };
}

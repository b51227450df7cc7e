type Path = readonly (string | number)[];

/** The value with its n-th node, counted in order, replaced. */
export function replaceAt(value: unknown, nth: number, by: unknown): unknown {
  const paths: Path[] = [];
  const collect = (node: unknown, path: Path): void => {
    paths.push(path);
    if (Array.isArray(node)) node.forEach((inner, index) => collect(inner, [...path, index]));
    else if (typeof node === 'object' && node !== null)
      for (const [key, inner] of Object.entries(node)) collect(inner, [...path, key]);
  };
  collect(value, []);
  return put(value, paths[nth % paths.length] ?? [], by);
}

function put(node: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(node))
    return node.map((inner, index) => (index === key ? put(inner, rest, by) : (inner as unknown)));
  return { ...(node as object), [key]: put((node as Record<string, unknown>)[key], rest, by) };
}

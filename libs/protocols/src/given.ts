type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The fields that were given: null and undefined are left out, so that absence stays absence. */
export function given<T extends object>(fields: T): Given<T> {
  const kept: Given<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined && value !== null) kept[key] = value;
  }
  return kept;
}

/** A map that says something: an empty one is as good as none. */
export const filled = <T extends object>(map: T | null | undefined): T | undefined =>
  map && Object.keys(map).length > 0 ? map : undefined;

/** `fields` under `key`, or nothing where all of them are absent. */
export const group = <K extends string, T extends object>(key: K, fields: T): { [P in K]?: Given<T> } => {
  const kept = given(fields);
  return (Object.keys(kept).length > 0 ? { [key]: kept } : {}) as { [P in K]?: Given<T> };
};

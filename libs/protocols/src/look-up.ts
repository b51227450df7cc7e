/** The table's answer for a word of the wire, or `undefined` for one it does not know: never a guess. */
export const lookUp = <T extends object>(table: T, word: string | null | undefined): T[keyof T] | undefined =>
  word && Object.hasOwn(table, word) ? table[word as keyof T] : undefined;

/**
 * The shortest film of a vendor's lengths that is not shorter than what was asked, else its longest: nobody gets less
 * film than they pay for, and nobody pays for more than they asked (`earnedUnits`).
 */
export const coverSeconds = (lengths: readonly [number, ...number[]], asked: number): number =>
  lengths.find((length) => length >= asked) ?? lengths.at(-1) ?? lengths[0];

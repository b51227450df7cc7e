/**
 * Usage in disjoint classes: no unit is counted in two of them, so a cost is a plain sum.
 * Protocols report inclusive totals; their meters subtract before anything else sees the numbers.
 * `images` and `seconds` are pictures delivered and film rendered, sold by the piece and not by tokens.
 */
export const USAGE_CLASSES = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite30m',
  'cacheWrite1h',
  'cacheWrite12h',
  'toolInput',
  'output',
  'reasoning',
  'imageInput',
  'imageOutput',
  'audioInput',
  'audioOutput',
  'searchCalls',
  'images',
  'seconds',
] as const;

export type UsageClass = (typeof USAGE_CLASSES)[number];

/** Units per class; an absent class was not reported, which prices like zero. */
export type Usage = Partial<Readonly<Record<UsageClass, number>>>;

/** Classes a caller pays for on the way in; a hold prices its input at the dearest of those a model has. */
export const INPUT_CLASSES = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite30m',
  'cacheWrite1h',
  'cacheWrite12h',
  'toolInput',
] as const satisfies readonly UsageClass[];

/** Sold by the piece: whole pictures, whole seconds of film. Only a price of their own prices them, for they are no tokens. */
export const PIECE_CLASSES = ['images', 'seconds'] as const satisfies readonly UsageClass[];

/** What two calls used together, class by class; a class that neither reported stays absent. */
export function addUsage(one: Usage, other: Usage): Usage {
  const sums = USAGE_CLASSES.flatMap((usageClass) => {
    const [units, more] = [one[usageClass], other[usageClass]];
    return units === undefined && more === undefined ? [] : [[usageClass, (units ?? 0) + (more ?? 0)] as const];
  });
  return Object.fromEntries(sums);
}

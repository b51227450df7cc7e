/** Something that should get a share of the traffic. */
export interface Weighted {
  readonly weight: number;
}

/**
 * The items in random order, each place drawn in proportion to the weights that are left, so the first gets its
 * share and the others stand by. `random` is in [0, 1) and is asked once per place but the last.
 */
export function weigh<T extends Weighted>(items: readonly T[], random: () => number): readonly T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 1) order.push(...left.splice(draw(left, random()), 1));
  return [...order, ...left];
}

function draw(items: readonly Weighted[], share: number): number {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  let rest = share * total;
  const index = items.findIndex(({ weight }) => (rest -= weight) < 0);
  return index === -1 ? items.length - 1 : index;
}

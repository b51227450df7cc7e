import { firstFit } from './first-fit.js';

const claim = (accountId: string, amount: bigint, capped: readonly string[] = []) => ({ accountId, amount, capped });

describe('firstFit', () => {
  it.each([
    ['nothing when nothing fits', [claim('a', 11n)], []],
    ['small ones behind a large one', [claim('a', 11n), claim('a', 4n), claim('a', 6n)], [4n, 6n]],
    ['in order, until the money is gone', [claim('a', 6n), claim('a', 5n), claim('a', 4n), claim('a', 1n)], [6n, 4n]],
    ['each account by itself', [claim('a', 10n), claim('b', 2n), claim('b', 3n)], [10n, 2n, 3n]],
    ['what costs nothing', [claim('a', 10n), claim('a', 0n)], [10n, 0n]],
    ['what fits the wallet and the cap', [claim('a', 3n, ['x']), claim('a', 3n, ['x']), claim('a', 7n)], [3n, 7n]],
    ['others behind one that a cap refuses', [claim('a', 5n, ['x']), claim('a', 4n, ['x']), claim('a', 6n)], [4n, 6n]],
    [
      'all or nothing: what one cap refuses takes from no other',
      [claim('a', 4n, ['y', 'x']), claim('a', 4n, ['x'])],
      [4n],
    ],
  ])('takes %s', (_name, claims, expected) => {
    const roomsOf = ({ accountId, capped }: (typeof claims)[number]) => [
      { name: accountId, left: accountId === 'a' ? 10n : 5n },
      ...capped.map((name) => ({ name, left: name === 'x' ? 4n : 3n })),
    ];
    expect(firstFit(claims, roomsOf).map(({ amount }) => amount)).toEqual(expected);
  });
});

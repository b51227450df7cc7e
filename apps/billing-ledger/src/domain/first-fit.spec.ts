import { firstFit } from './first-fit.js';

const claim = (accountId: string, amount: bigint) => ({ accountId, amount });

describe('firstFit', () => {
  it.each([
    ['nothing when nothing fits', [claim('a', 11n)], []],
    ['small ones behind a large one', [claim('a', 11n), claim('a', 4n), claim('a', 6n)], [4n, 6n]],
    ['in order, until the money is gone', [claim('a', 6n), claim('a', 5n), claim('a', 4n), claim('a', 1n)], [6n, 4n]],
    ['each account by itself', [claim('a', 10n), claim('b', 2n), claim('b', 3n)], [10n, 2n, 3n]],
    ['what costs nothing', [claim('a', 10n), claim('a', 0n)], [10n, 0n]],
  ])('takes %s', (_name, claims, expected) => {
    expect(firstFit(claims, (accountId) => (accountId === 'a' ? 10n : 5n)).map(({ amount }) => amount)).toEqual(
      expected,
    );
  });
});

import { grantAmount, paceAfter, restingPace } from './grant-size.js';

const paced = (times: readonly number[]) => times.reduce(paceAfter, restingPace).isBusy;

describe('a pace', () => {
  it.each([
    { name: 'eight at once', times: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000], isBusy: true },
    { name: 'seven at once', times: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000], isBusy: false },
    { name: 'twenty a second', times: Array.from({ length: 20 }, (_, at) => 1_000 + at * 50), isBusy: false },
    { name: 'a hundred a second', times: Array.from({ length: 20 }, (_, at) => 1_000 + at * 10), isBusy: true },
    { name: 'eight at once, long ago', times: [...Array.from({ length: 8 }, () => 1_000), 2_000], isBusy: false },
  ])('$name: busy $isBusy', ({ times, isBusy }) => {
    expect(paced(times)).toBe(isBusy);
  });
});

describe('the size of a grant', () => {
  it.each([
    { name: 'many holds where the wallet is rich', hold: 10n, holds: 128, available: 100_000n, amount: 1_280n },
    {
      name: 'an eighth of what is available where it is less',
      hold: 10n,
      holds: 1_024,
      available: 8_000n,
      amount: 1_000n,
    },
    { name: 'nothing near the limit', hold: 10n, holds: 64, available: 5_119n, amount: undefined },
    { name: 'nothing for what costs nothing', hold: 0n, holds: 64, available: 5_119n, amount: undefined },
  ])('is $name', ({ hold, holds, available, amount }) => {
    expect(grantAmount(hold, holds, available)).toBe(amount);
  });
});

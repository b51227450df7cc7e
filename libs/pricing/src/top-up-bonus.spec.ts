import { formatUsd, parseUsd } from '@bytespike/kernel';
import fc from 'fast-check';

import { BONUS_LADDER, bonusShare, topUpBonus, topUpRefusal } from './top-up-bonus.js';

describe('the bonus ladder', () => {
  it.each([
    { principal: '5.00', bonus: '0.00' },
    { principal: '19.99', bonus: '0.00' },
    { principal: '20.00', bonus: '0.60' },
    { principal: '99.99', bonus: '2.9997' },
    { principal: '100.00', bonus: '5.00' },
    { principal: '499.99', bonus: '24.9995' },
    { principal: '500.00', bonus: '40.00' },
    { principal: '999.99', bonus: '79.9992' },
    { principal: '1000.00', bonus: '112.00' },
    { principal: '1250.00', bonus: '140.00' },
  ])('gives $bonus on top of $principal', ({ principal, bonus }) => {
    expect(formatUsd(topUpBonus(parseUsd(principal)))).toBe(bonus);
  });

  it('has its rungs in order, highest first, down to nothing', () => {
    const froms = BONUS_LADDER.map(({ from }) => from);
    expect(froms).toEqual([...froms].sort((one, other) => (one > other ? -1 : 1)));
    expect(froms.at(-1)).toBe(0n);
  });
});

describe('what may be topped up', () => {
  it.each([
    { usd: '4.99', why: 'below-min' },
    { usd: '5.00', why: undefined },
    { usd: '1250.00', why: undefined },
    { usd: '1250.01', why: 'above-max' },
    { usd: '19.999', why: 'not-whole-cents' },
    { usd: '-20.00', why: 'below-min' },
  ])('$usd: $why', ({ usd, why }) => {
    expect(topUpRefusal(parseUsd(usd))).toBe(why);
  });
});

describe('a bonus that is taken back', () => {
  it('is, over refunds that make up the whole, exactly what was given', () => {
    const cents = fc.bigInt({ min: 500n, max: 125_000n });
    fc.assert(
      fc.property(cents, fc.array(fc.bigInt({ min: 1n, max: 40_000n }), { maxLength: 8 }), (whole, parts) => {
        const topUp = { principal: whole * 10_000_000n, bonus: topUpBonus(whole * 10_000_000n) };
        let left = whole;
        let back = 0n;
        for (const part of [...parts, whole]) {
          const refunded = part < left ? part : left;
          left -= refunded;
          back += bonusShare(refunded * 10_000_000n, topUp);
        }
        expect(back).toBe(topUp.bonus);
      }),
    );
  });
});

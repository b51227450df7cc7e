import fc from 'fast-check';

import {
  formatPicoUsd,
  formatUsd,
  formatUsdCents,
  formatUsdPerMillion,
  parseUsd,
  parseUsdPerMillion,
  roundPicoToNano,
} from './money.js';

describe('roundPicoToNano', () => {
  it.each([
    { pico: 0n, nano: 0n },
    { pico: 499n, nano: 0n },
    { pico: 500n, nano: 1n },
    { pico: 1_499n, nano: 1n },
    { pico: 1_500n, nano: 2n },
  ])('rounds $pico half up', ({ pico, nano }) => {
    expect(roundPicoToNano(pico)).toBe(nano);
  });

  it('refuses a cost below zero', () => {
    expect(() => roundPicoToNano(-1n)).toThrow(RangeError);
  });
});

describe('USD text', () => {
  it.each([
    { amount: 0n, text: '0.00' },
    { amount: 1n, text: '0.000000001' },
    { amount: 42_180_000_000n, text: '42.18' },
    { amount: -1_234_500_000n, text: '-1.2345' },
  ])('prints $text', ({ amount, text }) => {
    expect(formatUsd(amount)).toBe(text);
  });

  it.each([
    { amount: 0n, text: '0.00' },
    { amount: 1n, text: '0.000000000001' },
    { amount: -1_500n, text: '-0.0000000015' },
    { amount: 3_000_000_000_000n, text: '3.00' },
  ])('prints a cost before its rounding as $text', ({ amount, text }) => {
    expect(formatPicoUsd(amount)).toBe(text);
  });

  it.each(['3.00', '0.435', '0.003', '1250.00'])('prints the price %s as it was read', (text) => {
    expect(formatUsdPerMillion(parseUsdPerMillion(text))).toBe(text);
  });

  it('reads what it prints', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        (amount) => parseUsd(formatUsd(amount)) === amount,
      ),
    );
  });

  it.each(['', '1e3', '1,5', '0.0000000001', 'NaN', '--1', ' 1', `0.${'0'.repeat(31)}`])('refuses "%s"', (text) => {
    expect(() => parseUsd(text)).toThrow(RangeError);
  });

  it('refuses what no row could hold', () => {
    expect(parseUsd('9223372036.854775807')).toBe(2n ** 63n - 1n);
    expect(() => parseUsd('9223372036.854775808')).toThrow(RangeError);
  });

  it.each([
    { amount: 0n, text: '0.00' },
    { amount: 1n, text: '0.01' },
    { amount: 19_999_999n, text: '0.01' },
    { amount: 8_420_659_999_999n, text: '8420.65' },
    { amount: -5n, text: '0.00' },
  ])('shows $amount nano-USD as $text in a header', ({ amount, text }) => {
    expect(formatUsdCents(amount)).toBe(text);
  });

  it.each([
    { text: '3.00', pico: 3_000_000n },
    { text: '0.003', pico: 3_000n },
    { text: '0.435', pico: 435_000n },
  ])('reads a price of $text per million', ({ text, pico }) => {
    expect(parseUsdPerMillion(text)).toBe(pico);
  });
});

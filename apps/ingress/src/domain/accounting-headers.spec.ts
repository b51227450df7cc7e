import type { Accounting, SpendWindow } from '@bytespike/contracts';
import fc from 'fast-check';

import { accountingHeaders, holdHeaders } from './accounting-headers.js';

const USD = 1_000_000_000n;
const NOW = 1_800_000_000_000;
const resetAt = 1_800_003_600;

const window = (span: SpendWindow['window'], limit: bigint, remaining: bigint, reset = resetAt): SpendWindow => ({
  window: span,
  limit,
  remaining,
  resetAt: reset,
});

function headersOf(accounting: Partial<Accounting>, owner: { organisationId?: string } = {}): Record<string, string> {
  const flat = accountingHeaders({ walletRemaining: 0n, windows: [], ...accounting }, owner, NOW);
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : [])));
}

describe('accounting headers', () => {
  it('say nothing of what is not limited', () => {
    expect(headersOf({ walletRemaining: 5n * USD })).toEqual({});
  });

  it('describe the tightest window, the quota of the key and the wallet of its organisation', () => {
    const windows = [window('5h', 50n * USD, 42_189_999_999n), window('7d', 500n * USD, 43n * USD)];
    const accounting = { walletRemaining: 8_420_650_000_000n, keyQuotaRemaining: 192_400_000_000n, windows };
    expect(headersOf(accounting, { organisationId: 'acme' })).toEqual({
      'RateLimit-Policy': '"5h";q=50000000;qu="micro-usd";w=18000, "7d";q=500000000;qu="micro-usd";w=604800',
      RateLimit: '"5h";r=42189999;t=3600, "7d";r=43000000;t=3600',
      'X-RateLimit-Limit': '50.00',
      'X-RateLimit-Remaining': '42.18',
      'X-RateLimit-Reset': '1800003600',
      'X-Quota-Remaining-Credits': '192.40',
      'X-Org-Quota-Remaining-Credits': '8420.65',
    });
    expect(headersOf(accounting)).not.toHaveProperty('X-Org-Quota-Remaining-Credits');
  });

  it.each([
    { name: 'a nano-dollar', left: 1n, usd: '0.01', micro: '1' },
    { name: 'less than a cent', left: 9_999_999n, usd: '0.01', micro: '9999' },
    { name: 'less than two cents', left: 19_999_999n, usd: '0.01', micro: '19999' },
    { name: 'nothing', left: 0n, usd: '0.00', micro: '0' },
    { name: 'less than nothing, after a cap was lowered', left: -5n * USD, usd: '0.00', micro: '0' },
  ])('are rounded down, but not to nothing while something is left: $name', ({ left, usd, micro }) => {
    const told = headersOf(
      { walletRemaining: left, keyQuotaRemaining: left, windows: [window('1d', USD, left)] },
      { organisationId: 'acme' },
    );
    expect(told).toMatchObject({
      RateLimit: `"1d";r=${micro};t=3600`,
      'X-RateLimit-Remaining': usd,
      'X-Quota-Remaining-Credits': usd,
      'X-Org-Quota-Remaining-Credits': usd,
    });
  });

  it('name the last of several spent windows to free money', () => {
    const windows = [window('5h', USD, 0n, resetAt), window('7d', 9n * USD, 0n, resetAt + 60), window('1d', USD, USD)];
    expect(headersOf({ windows })).toMatchObject({ 'X-RateLimit-Limit': '9.00', 'X-RateLimit-Reset': '1800003660' });
  });

  it('have one policy for a span that a key and its organisation both cap: the tighter', () => {
    const windows = [window('1d', 9n * USD, 4n * USD), window('5h', 5n * USD, 3n * USD), window('5h', 7n * USD, USD)];
    expect(headersOf({ windows })).toMatchObject({
      'RateLimit-Policy': '"5h";q=7000000;qu="micro-usd";w=18000, "1d";q=9000000;qu="micro-usd";w=86400',
      RateLimit: '"5h";r=1000000;t=3600, "1d";r=4000000;t=3600',
      'X-RateLimit-Limit': '7.00',
    });
  });

  it('count down to a reset and not beyond it', () => {
    const told = headersOf({ windows: [window('5h', USD, 0n, NOW / 1_000 - 10)] });
    expect(told['RateLimit']).toBe('"5h";r=0;t=0');
  });

  it('are structured fields for any amounts', () => {
    const amount = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const span = fc.constantFrom('5h', '1d', '7d');
    const any = fc.record({ window: span, limit: amount, remaining: amount, resetAt: fc.integer({ min: 0 }) });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 6 }), (windows) => {
        const told = headersOf({ windows });
        for (const item of told['RateLimit-Policy']?.split(', ') ?? [])
          expect(item).toMatch(/^"(5h|1d|7d)";q=\d{1,15};qu="micro-usd";w=\d{5,6}$/);
        for (const item of told['RateLimit']?.split(', ') ?? [])
          expect(item).toMatch(/^"(5h|1d|7d)";r=\d{1,15};t=\d{1,15}$/);
      }),
    );
  });
});

describe('the hold', () => {
  it('is told to the nano-dollar, with how it was sized, in printable words', () => {
    expect(holdHeaders({ amount: 1_234_567n, basis: 'input=1 output=2 price=modèl@1' })).toEqual([
      'X-Estimated-Credits',
      '0.001234567',
      'X-Hold-Basis',
      'input=1 output=2 price=mod?l@1',
    ]);
  });
});

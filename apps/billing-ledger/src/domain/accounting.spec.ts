import type { Span } from '@bytespike/contracts';

import { accountingOf } from './accounting.js';

const use = (subject: string, span: Span, settled: bigint) => ({
  cap: { subject, span, limit: 100n },
  ...{ settled, held: 30n, leavesAt: 1_500 },
});

describe('the accounting', () => {
  it('is money less settled spend, of the wallet, the key and every window of the caller; holds are never shown', () => {
    const uses = [
      use('key:a', 'life', 10n),
      use('key:a', '5h', 20n),
      use('member:m', '1d', 30n),
      use('account', '5h', 40n),
      use('account', 'life', 60n),
      use('model:x', '1d', 50n),
    ];
    expect(accountingOf({ wallet: { available: 5n, held: 7n }, uses })).toEqual({
      walletRemaining: 12n,
      keyQuotaRemaining: 90n,
      windows: [
        { window: '5h', limit: 100n, remaining: 80n, resetAt: 2 },
        { window: '1d', limit: 100n, remaining: 70n, resetAt: 2 },
        { window: '5h', limit: 100n, remaining: 60n, resetAt: 2 },
      ],
    });
  });

  it('is not below zero for a cap that was lowered', () => {
    const uses = [use('key:a', 'life', 110n), use('key:a', '7d', 101n)];
    expect(accountingOf({ wallet: { available: 0n, held: 0n }, uses })).toMatchObject({
      keyQuotaRemaining: 0n,
      windows: [{ remaining: 0n }],
    });
  });
});

import type { Accounting } from '@bytespike/contracts';

import { isRolling } from './spans.js';
import { remainingOf, type Standing } from './standing.js';

/**
 * What the accounting headers print: the wallet, the quota and the windows of the key, each less what is settled. Holds are
 * never shown (contract 0.4), so a failure moves nothing.
 */
export function accountingOf({ wallet, uses }: Pick<Standing, 'wallet' | 'uses'>): Accounting {
  const ofKey = uses.filter(({ cap }) => cap.subject.startsWith('key:'));
  const quota = ofKey.find(({ cap }) => cap.span === 'life');
  return {
    walletRemaining: wallet.available + wallet.held,
    ...(quota && { keyQuotaRemaining: remainingOf(quota) }),
    windows: ofKey.flatMap((use) => {
      const { span: window, limit } = use.cap;
      return isRolling(window)
        ? [{ window, limit, remaining: remainingOf(use), resetAt: Math.ceil(use.leavesAt / 1_000) }]
        : [];
    }),
  };
}

import type { Accounting } from '@bytespike/contracts';

import { isRolling } from './spans.js';
import { remainingOf, type Standing } from './standing.js';

/**
 * What the accounting headers print: the wallet, the quota of the key, and every window that may stop its next request,
 * whichever model it asks for: the key's own, its member's and its organisation's. Each is less what is settled; holds are never
 * shown (contract 0.4), so a failure moves nothing.
 */
export function accountingOf({ wallet, uses }: Pick<Standing, 'wallet' | 'uses'>): Accounting {
  const quota = uses.find(({ cap }) => cap.subject.startsWith('key:') && cap.span === 'life');
  const ofCaller = uses.filter(({ cap }) => !cap.subject.startsWith('model:'));
  return {
    walletRemaining: wallet.available + wallet.held,
    ...(quota && { keyQuotaRemaining: remainingOf(quota) }),
    windows: ofCaller.flatMap((use) => {
      const { span: window, limit } = use.cap;
      return isRolling(window)
        ? [{ window, limit, remaining: remainingOf(use), resetAt: Math.ceil(use.leavesAt / 1_000) }]
        : [];
    }),
  };
}

import type { Accounting, Hold } from '@bytespike/contracts';
import { formatUsd, formatUsdCents } from '@bytespike/kernel';

import { rateLimitFields } from './ratelimit-fields.js';
import { tightestOf } from './spend-windows.js';

/** Header names and values in turn, as Node's `writeHead` takes them fastest. */
export type FlatHeaders = readonly string[];

/** Contract 0.4 and 5: what is left after settled spend. A limit that is not configured has no header. */
export function accountingHeaders(
  accounting: Accounting,
  owner: { readonly organisationId?: string | undefined },
  nowMs: number,
): FlatHeaders {
  const headers = [...rateLimitFields(accounting.windows, nowMs)];
  const tightest = tightestOf(accounting.windows);
  if (tightest) {
    headers.push('X-RateLimit-Limit', formatUsdCents(tightest.limit));
    headers.push('X-RateLimit-Remaining', formatUsdCents(tightest.remaining));
    headers.push('X-RateLimit-Reset', String(tightest.resetAt));
  }
  if (accounting.keyQuotaRemaining !== undefined)
    headers.push('X-Quota-Remaining-Credits', formatUsdCents(accounting.keyQuotaRemaining));
  if (owner.organisationId !== undefined)
    headers.push('X-Org-Quota-Remaining-Credits', formatUsdCents(accounting.walletRemaining));
  return headers;
}

/** What is held, and how that was sized where it is known: of a task that was there already it is not. */
type KnownHold = Pick<Hold, 'amount'> & { readonly basis?: string | undefined };

/** The hold and how it was sized; sent before the first content (contract C12). */
export const holdHeaders = ({ amount, basis }: KnownHold): FlatHeaders =>
  basis === undefined
    ? ['X-Estimated-Credits', formatUsd(amount)]
    : ['X-Estimated-Credits', formatUsd(amount), 'X-Hold-Basis', headerText(basis)];

/** A header holds printable ASCII; anything else would make Node refuse the whole answer. */
export const headerText = (text: string): string => text.replace(/[^\x20-\x7e]+/g, '?');

import type { SpendWindow } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import { tightestOfEachSpan } from './spend-windows.js';

const SPAN_SECONDS = { '5h': 18_000, '1d': 86_400, '7d': 604_800 } as const satisfies Record<
  SpendWindow['window'],
  number
>;

const NANO_PER_MICRO = 1_000n;
/** The largest Integer of a structured field (RFC 9651, 3.3.1). */
const INTEGER_MAX = 999_999_999_999_999n;

/**
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11: an item for each capped span, named by it. A
 * quota counts micro-USD, which is the finest whole number of money that a structured field can hold for any cap; the draft's
 * own units count requests and bytes, so this one is ours.
 */
export function rateLimitFields(windows: readonly SpendWindow[], nowMs: number): readonly string[] {
  if (windows.length === 0) return [];
  const each = tightestOfEachSpan(windows);
  const policies = each.map(
    ({ window, limit }) => `"${window}";q=${micro(limit)};qu="micro-usd";w=${SPAN_SECONDS[window]}`,
  );
  const limits = each.map(
    ({ window, remaining, resetAt }) => `"${window}";r=${micro(remaining)};t=${secondsUntil(resetAt, nowMs)}`,
  );
  return ['RateLimit-Policy', policies.join(', '), 'RateLimit', limits.join(', ')];
}

/** Rounded down, but never to nothing while something is left (contract 0.4). */
function micro(amount: NanoUsd): bigint {
  if (amount <= 0n) return 0n;
  const whole = amount / NANO_PER_MICRO;
  if (whole === 0n) return 1n;
  return whole > INTEGER_MAX ? INTEGER_MAX : whole;
}

const secondsUntil = (epochSeconds: number, nowMs: number): number =>
  Math.max(0, Math.ceil(epochSeconds - nowMs / 1_000));

import type { UsageBucket, UsageReport, UsageSums } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import type { UsageSum } from '../statement/statement-store.js';
import { BUCKETS_MAX } from './usage-selection.js';

const NOTHING: UsageSums = {
  calls: 0,
  cost: 0n,
  tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  images: 0,
  seconds: 0,
};

/** The buckets as they are shown, and what they sum up to. */
export function usageReport(sums: readonly UsageSum[]): UsageReport {
  if (sums.length > BUCKETS_MAX)
    throw new GatewayError(
      'invalid-request',
      `More than ${BUCKETS_MAX} buckets: ask for a shorter range, or group by less.`,
    );
  return { buckets: sums.map(bucketOf), totals: sums.reduce(add, NOTHING) };
}

function bucketOf({ local, offsetSeconds, ...bucket }: UsageSum): UsageBucket {
  if (local === undefined) return bucket;
  return { ...bucket, time: offsetSeconds === undefined ? local : `${local}${offset(offsetSeconds)}` };
}

/** As ISO 8601 writes it. Every zone is ahead of or behind UTC by whole minutes since before there was anything to bill. */
function offset(seconds: number): string {
  if (seconds === 0) return 'Z';
  const minutes = Math.abs(seconds) / 60;
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const add = (one: UsageSums, other: UsageSums): UsageSums => ({
  calls: one.calls + other.calls,
  cost: one.cost + other.cost,
  tokens: {
    input: one.tokens.input + other.tokens.input,
    cacheRead: one.tokens.cacheRead + other.tokens.cacheRead,
    cacheWrite: one.tokens.cacheWrite + other.tokens.cacheWrite,
    output: one.tokens.output + other.tokens.output,
    reasoning: one.tokens.reasoning + other.tokens.reasoning,
  },
  images: one.images + other.images,
  seconds: one.seconds + other.seconds,
});

import type { Tier } from '@bytespike/ir';

/** The hub's tiers in this wire's words. */
export const TIER_FROM_IR = {
  auto: 'auto',
  standard: 'default',
  flex: 'flex',
  priority: 'priority',
  scale: 'scale',
  fast: 'fast',
  ultrafast: 'fast',
} as const satisfies Record<NonNullable<Tier['want']>, string>;

/** The wire's words in the hub's. */
export const TIER_TO_IR = {
  auto: 'auto',
  default: 'standard',
  flex: 'flex',
  scale: 'scale',
  priority: 'priority',
  fast: 'fast',
} as const satisfies Record<string, NonNullable<Tier['want']>>;

import type { Tier } from '@bytespike/ir';

/** The hub's tiers in this wire's words. */
export const TIER = {
  auto: 'auto',
  standard: 'default',
  flex: 'flex',
  priority: 'priority',
  scale: 'scale',
  fast: 'fast',
  ultrafast: 'ultrafast',
} as const satisfies Record<NonNullable<Tier['want']>, string>;

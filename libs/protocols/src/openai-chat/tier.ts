import type { Tier } from '@bytespike/ir';

/** The hub's words for who is served first, as this wire has them. */
export const TIER = {
  auto: 'auto',
  standard: 'default',
  flex: 'flex',
  priority: 'priority',
  scale: 'scale',
  fast: 'fast',
  ultrafast: 'fast',
} as const satisfies Record<NonNullable<Tier['want']>, string>;

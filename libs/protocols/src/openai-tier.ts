import type { Tier } from '@bytespike/ir';

/** The hub's tiers in the words that OpenAI's wires share. */
export const TIER_FROM_IR = {
  auto: 'auto',
  standard: 'default',
  flex: 'flex',
  priority: 'priority',
  scale: 'scale',
  fast: 'fast',
} as const satisfies Partial<Record<NonNullable<Tier['want']>, string>>;

/** Those words in the hub's. */
export const TIER_TO_IR = {
  auto: 'auto',
  default: 'standard',
  flex: 'flex',
  scale: 'scale',
  priority: 'priority',
  fast: 'fast',
} as const satisfies Record<string, NonNullable<Tier['want']>>;

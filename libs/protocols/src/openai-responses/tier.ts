import type { Tier } from '@bytespike/ir';

import * as openai from '../openai-tier.js';

/** The hub's tiers in this wire's words. */
export const TIER_FROM_IR = {
  ...openai.TIER_FROM_IR,
  ultrafast: 'ultrafast',
} as const satisfies Record<NonNullable<Tier['want']>, string>;

/** The wire's words in the hub's. */
export const TIER_TO_IR = {
  ...openai.TIER_TO_IR,
  ultrafast: 'ultrafast',
} as const satisfies Record<string, NonNullable<Tier['want']>>;

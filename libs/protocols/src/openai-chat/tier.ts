import type { Tier } from '@bytespike/ir';

import * as openai from '../openai-tier.js';

/** The hub's tiers in this wire's words. */
export const TIER_FROM_IR = {
  ...openai.TIER_FROM_IR,
  ultrafast: 'fast',
} as const satisfies Record<NonNullable<Tier['want']>, string>;

/** The wire's words in the hub's. */
export const { TIER_TO_IR } = openai;

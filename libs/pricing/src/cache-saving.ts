import { INPUT_CLASSES, type PicoUsd, type Usage } from '@bytespike/kernel';

import { unitPrice, type UnitPrices } from './unit-prices.js';

/** Input that went through a cache, whichever way. */
const CACHE_CLASSES = INPUT_CLASSES.filter((usageClass) => /^cache/.test(usageClass));

/**
 * What caching saved: what its input would have cost as plain input, less what it did cost. Negative where more was written
 * to the cache than has been read from it yet.
 */
export const cacheSaving = (usage: Usage, prices: UnitPrices): PicoUsd =>
  CACHE_CLASSES.reduce((saved, usageClass) => {
    const perUnit = unitPrice(prices, 'input') - unitPrice(prices, usageClass);
    return saved + BigInt(usage[usageClass] ?? 0) * perUnit;
  }, 0n);

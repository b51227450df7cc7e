import { formatUsdPerMillion, parseUsd, type UsageClass } from '@bytespike/kernel';

import type { PriceVersion } from './schema.js';

/** USD per million units of every class that a price version names. */
export type UsdPerMillionUnits = Partial<Readonly<Record<UsageClass, string>>>;

/** What a version sells at, in the one unit that money is reckoned in: prices of a picture and of a second are people's. */
export const usdPerMillionOf = ({
  usdPerMillion,
  usdPerImage,
  usdPerSecond,
}: Pick<PriceVersion, 'usdPerMillion' | 'usdPerImage' | 'usdPerSecond'>): UsdPerMillionUnits => ({
  ...usdPerMillion,
  ...(usdPerImage !== undefined && { images: perMillion(usdPerImage) }),
  ...(usdPerSecond !== undefined && { seconds: perMillion(usdPerSecond) }),
});

const PICO_PER_NANO = 1_000n;

const perMillion = (usdPerPiece: string): string => formatUsdPerMillion(parseUsd(usdPerPiece) * PICO_PER_NANO);

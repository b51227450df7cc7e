import { parseUsd, parseUsdPerMillion } from '@bytespike/kernel';
import fc from 'fast-check';

import { simulatorBaseAddresses } from './seed/channels.js';
import { seedCatalogue } from './seed/seed-catalogue.js';
import { PriceVersion } from './schema.js';
import { usdPerMillionOf } from './usd-per-million.js';

const price = { id: 'model@1', model: 'model', effectiveFrom: '2026-01-01', status: 'listed', estimatedClasses: [] };

describe('what a price version sells at', () => {
  it.each([
    ['tokens as they are', { usdPerMillion: { input: '3.00' } }, { input: '3.00' }],
    ['a picture', { usdPerMillion: {}, usdPerImage: '0.08' }, { images: '80000.00' }],
    ['a second of film', { usdPerMillion: {}, usdPerSecond: '0.40' }, { seconds: '400000.00' }],
    [
      'both, beside tokens',
      { usdPerMillion: { input: '1' }, usdPerImage: '9999', usdPerSecond: '0.000000001' },
      {
        input: '1',
        images: '9999000000.00',
        seconds: '0.001',
      },
    ],
  ])('is, in USD per million units, %s', (_name, given, expected) => {
    expect(usdPerMillionOf(given)).toEqual(expected);
  });

  it('loses nothing of any price that a catalogue can say', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,4}(\.\d{1,9})?$/), (text) => {
        const { images = '' } = usdPerMillionOf({ usdPerMillion: {}, usdPerImage: text });
        expect(parseUsdPerMillion(images)).toBe(parseUsd(text) * 1_000n);
      }),
    );
  });

  it('is said of a picture or a second in one way only', () => {
    const twice = { ...price, usdPerMillion: { images: '80000.00' } };
    expect(PriceVersion.safeParse({ ...price, usdPerMillion: {} }).success).toBe(true);
    expect(PriceVersion.safeParse(twice).success).toBe(false);
  });

  it.each([
    ['gpt-image-2', { images: '80000.00' }],
    ['nano-banana', { images: '18000.00' }],
    ['nano-banana-v2', { images: '22000.00' }],
    ['seedream-4', { images: '25000.00' }],
    ['seedream-4.5', { images: '30000.00' }],
    ['seedream-v5lite', { images: '12000.00' }],
    ['sora-2', { seconds: '100000.00' }],
    ['veo-3.1', { seconds: '400000.00' }],
    ['veo-3.1-fast', { seconds: '200000.00' }],
    ['veo-3.1-lite', { seconds: '50000.00' }],
  ])('is for %s what the page says, and listed', (model, expected) => {
    const seeded = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090')).prices.find(
      (version) => version.model === model,
    );
    expect(seeded && { status: seeded.status, ...usdPerMillionOf(seeded) }).toEqual({ status: 'listed', ...expected });
  });
});

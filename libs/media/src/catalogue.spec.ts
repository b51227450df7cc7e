import { REAL_BASE_ADDRESSES, seedCatalogue, VENDORS, type Vendor } from '@bytespike/catalog';

import { findImageModel, findVideoModel, IMAGE_MODELS, imageWire, VIDEO_MODELS, videoWire } from './registry.js';

const seeded = seedCatalogue(REAL_BASE_ADDRESSES).mediaChannels.flatMap(({ models }) => models);

describe('a model of an operator', () => {
  it.each([
    ['sora-2', 'sora-2'],
    ['sora-2-pro-2025-10-06', 'sora-2-pro'],
    ['veo-3.1-generate-preview', 'veo-3.1'],
    ['veo-3.1-fast-generate-001', 'veo-3.1-fast'],
    ['veo-3.1-lite-generate-preview', 'veo-3.1-lite'],
    ['gemini-omni-1.2-flash', 'gemini-omni-1.2-flash'],
    ['doubao-seedance-1-5-pro-251215', 'seedance-1.5-pro'],
    ['dreamina-seedance-2-0-260128', 'seedance-2.0'],
    ['doubao-seedance-2-0-fast-260128', 'seedance-2.0-pro-fast'],
    ['doubao-seedance-2-0-mini-260615', 'seedance-fast'],
  ])('films as %s like %s', (upstreamModel, row) => {
    expect(findVideoModel({ model: 'house', upstreamModel })).toBe(VIDEO_MODELS[row]);
    expect(VIDEO_MODELS).toHaveProperty([row]);
  });

  it.each([
    ['gpt-image-2', 'gpt-image-2'],
    ['gpt-image-1-mini', 'gpt-4o-image'],
    ['gemini-2.5-flash-image', 'nano-banana'],
    ['gemini-3.1-flash-image-preview', 'nano-banana-v2'],
    ['gemini-3-pro-image', 'nano-banana-pro'],
    ['doubao-seedream-4-0-250828', 'seedream-4'],
    ['doubao-seedream-4-5-251128', 'seedream-4.5'],
    ['doubao-seedream-5-0-lite-260128', 'seedream-v5lite'],
  ])('draws as %s like %s', (upstreamModel, row) => {
    expect(findImageModel({ model: 'house', upstreamModel })).toBe(IMAGE_MODELS[row]);
    expect(IMAGE_MODELS).toHaveProperty([row]);
  });

  it.each(['veo-4', 'veo-3.10', 'xveo-3.1', ''])('is not known as %j', (upstreamModel) => {
    expect(findVideoModel({ model: 'house', upstreamModel })).toBeUndefined();
  });

  it.each(seeded)('has limits where it is another name of what serves $model', ({ upstreamModel }) => {
    const names = { model: 'house', upstreamModel };
    expect(findVideoModel(names) ?? findImageModel(names)).toBeDefined();
  });
});

it.each(Object.values<Vendor>(VENDORS))('makes what its wires make: $name', ({ name: vendor, makes = [] }) => {
  const target = { vendor, upstreamModel: 'x' };
  expect({ image: makes.includes('image'), video: makes.includes('video') }).toEqual({
    image: imageWire(target) !== undefined,
    video: videoWire(target) !== undefined,
  });
});

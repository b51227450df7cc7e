import { REAL_BASE_ADDRESSES, seedCatalogue, VENDORS, type Vendor } from '@bytespike/catalog';

import { findImageModel, findVideoModel, IMAGE_MODELS, imageWire, VIDEO_MODELS, videoWire } from './registry.js';

const { models, mediaChannels } = seedCatalogue(REAL_BASE_ADDRESSES);
const kindOf = (id: string) => models.find((model) => model.id === id)?.kind;
const seeded = mediaChannels
  .flatMap((channel) => channel.models)
  .map(({ model, upstreamModel }) => ({ model, upstreamModel, kind: kindOf(model) }));

describe('a model of an operator', () => {
  it.each(seeded.filter(({ kind }) => kind === 'video'))('films like $model, as $upstreamModel', (row) => {
    expect(findVideoModel({ model: 'house', upstreamModel: row.upstreamModel })).toBe(VIDEO_MODELS[row.model]);
    expect(findVideoModel({ model: 'house', upstreamModel: `${row.upstreamModel}-260101` })).toBe(
      VIDEO_MODELS[row.model],
    );
  });

  it.each(seeded.filter(({ kind }) => kind === 'image'))('draws like $model, as $upstreamModel', (row) => {
    expect(findImageModel({ model: 'house', upstreamModel: row.upstreamModel })).toBe(IMAGE_MODELS[row.model]);
  });

  it.each(['veo-4', 'veo-3.10', 'xveo-3.1', ''])('is not known as %j', (upstreamModel) => {
    expect(findVideoModel({ model: 'house', upstreamModel })).toBeUndefined();
  });
});

it.each(Object.values<Vendor>(VENDORS))('makes what its wires make: $name', ({ name: vendor, makes = [] }) => {
  const target = { vendor, upstreamModel: 'x' };
  expect({ image: makes.includes('image'), video: makes.includes('video') }).toEqual({
    image: imageWire(target) !== undefined,
    video: videoWire(target) !== undefined,
  });
});

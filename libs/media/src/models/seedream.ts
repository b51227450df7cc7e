import { pageSizes, type ImageModel } from './image-model.js';

// Contract 10. The vendor gives no format but its own, and no picture on the way.
const SEEDREAM = {
  picturesMax: 4,
  qualities: [],
  formats: ['jpeg'],
  imagesMax: 10,
  partialsMax: 0,
  mask: 'refused',
  seed: 'taken',
  negativePrompt: 'taken',
  rendering: { seconds: 12 },
} as const;

export const SEEDREAM_MODELS = {
  'seedream-4': {
    ...SEEDREAM,
    sizes: ['1024x1024', '1024x1792', '1792x1024'],
    pageSizes: {},
  },
  'seedream-4.5': {
    ...SEEDREAM,
    sizes: ['2048x2048', '1024x1024', '1024x2048', '2048x1024'],
    pageSizes: pageSizes('1024x2048', '2048x1024'),
  },
  'seedream-v5lite': {
    ...SEEDREAM,
    sizes: ['1024x1024', '1024x1536', '1536x1024'],
    pageSizes: pageSizes('1024x1536', '1536x1024'),
  },
} as const satisfies Record<string, ImageModel>;

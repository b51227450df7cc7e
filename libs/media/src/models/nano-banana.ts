import { pageSizes, type ImageModel } from './image-model.js';

// Contract 10; ratios by the vendor's page.
const BANANA = {
  aspectRatios: ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'],
  picturesMax: 2,
  qualities: [],
  formats: ['png'],
  partialsMax: 0,
  mask: 'refused',
  seed: 'taken',
  negativePrompt: 'refused',
  rendering: { seconds: 12 },
} as const;

const LARGE = ['2048x2048', '1024x1024', '2048x1536', '1536x2048'] as const;

export const NANO_BANANA_MODELS = {
  'nano-banana': {
    ...BANANA,
    sizes: ['1024x1024', '1024x1536', '1536x1024'],
    pageSizes: pageSizes('1024x1536', '1536x1024'),
    imagesMax: 0,
  },
  'nano-banana-v2': {
    ...BANANA,
    sizes: LARGE,
    pageSizes: pageSizes('1536x2048', '2048x1536'),
    qualities: ['standard', 'hd'],
    imagesMax: 3,
  },
  'nano-banana-pro': {
    ...BANANA,
    sizes: [...LARGE, '4096x4096'],
    pageSizes: pageSizes('1536x2048', '2048x1536'),
    qualities: ['standard', 'hd'],
    imagesMax: 14,
    rendering: { seconds: 20 },
  },
} as const satisfies Record<string, ImageModel>;

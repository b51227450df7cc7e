import { pageSizes, type ImageModel } from './image-model.js';

// Contract 10. Its page has 4096x4096, which is beyond what the vendor draws (3840x2160).
const GPT_IMAGE = {
  sizes: ['1024x1024', '1024x1536', '1536x1024', '2048x2048'],
  pageSizes: pageSizes('1024x1536', '1536x1024'),
  picturesMax: 4,
  qualities: ['medium', 'low', 'high', 'auto'],
  pageQualities: { standard: 'medium', hd: 'high' },
  styles: ['natural', 'vivid'],
  backgrounds: ['auto', 'transparent', 'opaque'],
  formats: ['png', 'webp', 'jpeg'],
  imagesMax: 16,
  partialsMax: 3,
  mask: 'taken',
  seed: 'refused',
  negativePrompt: 'refused',
  rendering: { seconds: 18 },
} as const satisfies ImageModel;

export const GPT_IMAGE_MODELS = {
  'gpt-image-2': GPT_IMAGE,
  'gpt-image-2-official': GPT_IMAGE,
  'gpt-4o-image': { ...GPT_IMAGE, sizes: ['1024x1024', '1024x1536', '1536x1024'] },
} as const satisfies Record<string, ImageModel>;

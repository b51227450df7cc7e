import type { VideoModel } from './video-model.js';

// Contract 9.8. Square frames, and full HD of the plain model, are on its page and not on the vendor's, which would refuse
// them after the hold.
const SORA = { aspectRatios: ['16:9', '9:16'], audio: 'always', images: { 'first-frame': 1 } } as const;

export const SORA_MODELS = {
  'sora-2': {
    ...SORA,
    seconds: { min: 1, max: 10, also: [15], usual: 5 },
    resolutions: ['720p'],
    rendering: { seconds: 90, filmSeconds: 5 },
  },
  'sora-2-pro': {
    ...SORA,
    seconds: { min: 1, max: 20, usual: 5 },
    resolutions: ['1080p', '720p'],
    styles: ['none', 'cinematic', 'anime', 'documentary'],
    rendering: { seconds: 135, filmSeconds: 8 },
  },
} as const satisfies Record<string, VideoModel>;

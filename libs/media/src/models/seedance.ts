import type { VideoModel } from './video-model.js';

// Contract 9.8. Where its page has no number, the vendor's own stands.
const SEEDANCE = {
  aspectRatios: ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9'],
  audio: 'optional',
  images: { 'first-frame': 1, 'last-frame': 1, reference: 9 },
} as const;

export const SEEDANCE_MODELS = {
  'seedance-1.5-pro': {
    ...SEEDANCE,
    seconds: { min: 1, max: 6, usual: 5 },
    resolutions: ['1080p', '720p'],
    images: { 'first-frame': 1, 'last-frame': 1 },
    motions: ['low', 'medium', 'high'],
    rendering: { seconds: 75, filmSeconds: 5 },
  },
  'seedance-2.0': {
    ...SEEDANCE,
    seconds: { min: 1, max: 15, usual: 5 },
    resolutions: ['1080p'],
    rendering: { seconds: 165, filmSeconds: 8 },
  },
  'seedance-2.0-pro': {
    ...SEEDANCE,
    seconds: { min: 1, max: 10, usual: 5 },
    resolutions: ['720p', '1080p'],
    rendering: { seconds: 165, filmSeconds: 8 },
  },
  'seedance-2.0-pro-fast': {
    ...SEEDANCE,
    seconds: { min: 1, max: 8, usual: 5 },
    resolutions: ['720p', '1080p'],
    rendering: { seconds: 60, filmSeconds: 6 },
  },
  'seedance-fast': {
    ...SEEDANCE,
    seconds: { min: 1, max: 5, usual: 4 },
    resolutions: ['720p'],
    rendering: { seconds: 20, filmSeconds: 4 },
  },
} as const satisfies Record<string, VideoModel>;

import type { VideoModel } from './video-model.js';

// Contract 9.8; frames by the vendor's page: it has no square one, and a film is eight seconds at most.
const VEO = { aspectRatios: ['16:9', '9:16'] } as const;
const FRAMES = { 'first-frame': 1, 'last-frame': 1, reference: 3 } as const;

// The catalogue sells none of these; an operator's own channel may (media-ledger-reliability 1.3).
const OMNI = {
  aspectRatios: ['16:9', '9:16'],
  seconds: { min: 1, max: 10, usual: 5 },
  resolutions: ['720p', '360p', '1080p', '4k'],
  audio: 'always',
  images: { 'first-frame': 1, reference: 3 },
  rendering: { seconds: 60, filmSeconds: 8 },
} as const;

export const GOOGLE_FILM_MODELS = {
  'veo-3.1': {
    ...VEO,
    seconds: { min: 1, max: 8, usual: 5 },
    resolutions: ['1080p', '720p'],
    audio: 'always',
    images: FRAMES,
    rendering: { seconds: 90, filmSeconds: 8 },
  },
  'veo-3.1-fast': {
    ...VEO,
    seconds: { min: 1, max: 5, usual: 5 },
    resolutions: ['720p'],
    audio: 'never',
    images: FRAMES,
    rendering: { seconds: 35, filmSeconds: 5 },
  },
  'veo-3.1-lite': {
    ...VEO,
    seconds: { min: 1, max: 8, usual: 5 },
    resolutions: ['720p', '1080p'],
    audio: 'never',
    images: { 'first-frame': 1, 'last-frame': 1 },
    rendering: { seconds: 40, filmSeconds: 8 },
  },
  'gemini-omni-1.1-flash': OMNI,
  'gemini-omni-1.2-flash': OMNI,
} as const satisfies Record<string, VideoModel>;

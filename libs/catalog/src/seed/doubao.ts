import { estimate, imageModel, textFamily, videoModel } from './model-seed.js';
import type { MediaModel } from './model-seed.js';

const doubao = textFamily({
  family: 'doubao',
  maker: 'bytedance',
  cells: { 'openai-chat': 'native' },
  inputModalities: ['text', 'image'],
});

export const DOUBAO = [
  doubao({
    id: 'doubao-seed-2.0-pro',
    name: 'Doubao Seed 2.0 Pro',
    upstreamModel: 'doubao-seed-2-0-pro-260215',
    capabilities: ['vision', 'tool_use', 'parallel_tools', 'auto_cache', 'thinking', 'json_object'],
    contextWindow: 200_000,
    maxOutputTokens: 32_768,
    created: '2026-02-15',
    price: estimate({ input: '0.47', output: '2.37', cacheRead: '0.094' }),
  }),
  doubao({
    id: 'doubao-seed-1.5-pro',
    name: 'Doubao Seed 1.5 Pro',
    upstreamModel: 'doubao-1-5-pro-32k-250115',
    capabilities: ['tool_use', 'json_object'],
    contextWindow: 32_000,
    maxOutputTokens: 12_288,
    inputModalities: ['text'],
    created: '2025-01-15',
    price: estimate({ input: '0.11', output: '0.28', cacheRead: '0.022' }),
  }),
];

const seedream = (spec: Pick<MediaModel, 'id' | 'name' | 'upstreamModel' | 'created' | 'usd'>) =>
  imageModel({
    ...spec,
    family: 'doubao',
    maker: 'bytedance',
    capabilities: ['image_generate', 'image_edit'],
    inputModalities: ['text', 'image'],
    status: 'listed',
  });

// The page gives no rate per second for Seedance; these follow the vendor's token prices at 1080p, rounded up. The vendor
// has fewer models of 2.0 than the page (media-ledger-reliability 1.4): what is beside them differs in what may be asked.
const seedance = (spec: Pick<MediaModel, 'id' | 'name' | 'upstreamModel' | 'created' | 'usd'>) =>
  videoModel({
    ...spec,
    family: 'doubao',
    maker: 'bytedance',
    capabilities: ['video_generate'],
    inputModalities: ['text', 'image'],
    status: 'estimate',
  });

export const BYTEDANCE_MEDIA = [
  seedream({
    id: 'seedream-4',
    name: 'Seedream 4',
    upstreamModel: 'doubao-seedream-4-0-250828',
    created: '2025-08-28',
    usd: '0.025',
  }),
  seedream({
    id: 'seedream-4.5',
    name: 'Seedream 4.5',
    upstreamModel: 'doubao-seedream-4-5-251128',
    created: '2025-11-28',
    usd: '0.030',
  }),
  seedream({
    id: 'seedream-v5lite',
    name: 'Seedream 5 Lite',
    upstreamModel: 'doubao-seedream-5-0-260128',
    created: '2026-02-10',
    usd: '0.012',
  }),
  seedance({
    id: 'seedance-1.5-pro',
    name: 'Seedance 1.5 Pro',
    upstreamModel: 'doubao-seedance-1-5-pro-251215',
    created: '2025-12-15',
    usd: '0.12',
  }),
  seedance({
    id: 'seedance-2.0',
    name: 'Seedance 2.0',
    upstreamModel: 'doubao-seedance-2-0-260128',
    created: '2026-02-12',
    usd: '0.35',
  }),
  seedance({
    id: 'seedance-2.0-pro',
    name: 'Seedance 2.0 Pro',
    upstreamModel: 'doubao-seedance-2-0-260128',
    created: '2026-02-12',
    usd: '0.40',
  }),
  seedance({
    id: 'seedance-2.0-pro-fast',
    name: 'Seedance 2.0 Pro Fast',
    upstreamModel: 'doubao-seedance-2-0-fast-260128',
    created: '2026-02-12',
    usd: '0.20',
  }),
  seedance({
    id: 'seedance-fast',
    name: 'Seedance Fast',
    upstreamModel: 'doubao-seedance-2-0-fast-260128',
    created: '2026-02-12',
    usd: '0.10',
  }),
];

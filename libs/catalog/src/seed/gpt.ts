import { estimate, imageModel, listed, textFamily, videoModel } from './model-seed.js';
import type { MediaModel, TextModel } from './model-seed.js';

const gpt = textFamily({
  family: 'gpt',
  maker: 'openai',
  cells: { 'anthropic-messages': 'translated', 'openai-responses': 'native', 'openai-chat': 'native' },
  inputModalities: ['text', 'image'],
});

const SMALL: TextModel['capabilities'] = [
  'vision',
  'tool_use',
  'parallel_tools',
  'auto_cache',
  'thinking',
  'json_schema',
  'json_object',
  'logprobs',
];
const FULL: TextModel['capabilities'] = [...SMALL, 'web_search'];
// The vendor sells a thousand searches for ten dollars; our page has no rate for them.
const SEARCH = '10000.00';

export const GPT = [
  gpt({
    id: 'gpt-5-5',
    name: 'GPT-5.5',
    upstreamModel: 'gpt-5.5',
    capabilities: FULL,
    contextWindow: 128_000,
    maxOutputTokens: 32_768,
    created: '2026-04-23',
    price: listed({ input: '5.00', output: '30.00', cacheRead: '0.50', searchCalls: SEARCH }, 'searchCalls'),
  }),
  gpt({
    id: 'gpt-5-4-pro',
    name: 'GPT-5.4 Pro',
    upstreamModel: 'gpt-5.4-pro',
    capabilities: FULL,
    contextWindow: 128_000,
    maxOutputTokens: 32_768,
    created: '2026-03-05',
    // The vendor gives no discount on cached input here.
    price: estimate({ input: '30.00', output: '180.00', cacheRead: '30.00', searchCalls: SEARCH }),
  }),
  gpt({
    id: 'gpt-5-4',
    name: 'GPT-5.4',
    upstreamModel: 'gpt-5.4',
    capabilities: FULL,
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    created: '2026-03-05',
    price: listed({ input: '2.50', output: '15.00', cacheRead: '0.25', searchCalls: SEARCH }, 'searchCalls'),
  }),
  gpt({
    id: 'gpt-5-4-mini',
    name: 'GPT-5.4 mini',
    upstreamModel: 'gpt-5.4-mini',
    capabilities: SMALL,
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    created: '2026-03-17',
    price: listed({ input: '0.75', output: '4.50', cacheRead: '0.075' }),
  }),
  gpt({
    id: 'gpt-5-4-nano',
    name: 'GPT-5.4 nano',
    upstreamModel: 'gpt-5.4-nano',
    capabilities: SMALL,
    contextWindow: 128_000,
    maxOutputTokens: 8_192,
    created: '2026-03-17',
    price: listed({ input: '0.20', output: '1.25', cacheRead: '0.02' }),
  }),
  gpt({
    id: 'gpt-5-2',
    name: 'GPT-5.2',
    upstreamModel: 'gpt-5.2',
    capabilities: FULL,
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    created: '2025-12-11',
    price: estimate({ input: '1.75', output: '14.00', cacheRead: '0.175', searchCalls: SEARCH }),
  }),
];

const image = (spec: Pick<MediaModel, 'id' | 'name' | 'upstreamModel' | 'created' | 'usd' | 'status'>) =>
  imageModel({
    ...spec,
    family: 'gpt',
    maker: 'openai',
    capabilities: ['image_generate', 'image_edit'],
    inputModalities: ['text', 'image'],
  });

const sora = (spec: Pick<MediaModel, 'id' | 'name' | 'upstreamModel' | 'usd' | 'status'>) =>
  videoModel({
    ...spec,
    family: 'gpt',
    maker: 'openai',
    capabilities: ['video_generate'],
    inputModalities: ['text', 'image'],
    created: '2025-09-30',
  });

export const OPENAI_MEDIA = [
  image({
    id: 'gpt-image-2',
    name: 'GPT Image 2',
    upstreamModel: 'gpt-image-2',
    created: '2026-04-21',
    usd: '0.08',
    status: 'listed',
  }),
  image({
    id: 'gpt-image-2-official',
    name: 'GPT Image 2 (official)',
    upstreamModel: 'gpt-image-2',
    created: '2026-04-21',
    usd: '0.16',
    status: 'estimate',
  }),
  image({
    id: 'gpt-4o-image',
    name: 'GPT-4o Image',
    // Its own model was shut down on 2026-10-23 (media-ledger-reliability 0).
    upstreamModel: 'gpt-image-2',
    created: '2025-04-23',
    usd: '0.042',
    status: 'estimate',
  }),
  sora({ id: 'sora-2', name: 'Sora 2', upstreamModel: 'sora-2', usd: '0.10', status: 'listed' }),
  sora({ id: 'sora-2-pro', name: 'Sora 2 Pro', upstreamModel: 'sora-2-pro', usd: '0.50', status: 'estimate' }),
];

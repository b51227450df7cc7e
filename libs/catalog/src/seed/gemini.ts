import { imageModel, listed, textFamily, videoModel } from './model-seed.js';
import type { MediaModel, TextModel } from './model-seed.js';

const gemini = textFamily({
  family: 'gemini',
  maker: 'google',
  cells: {
    'anthropic-messages': 'translated',
    'openai-responses': 'translated',
    'openai-chat': 'shim',
    'gemini-generate': 'native',
  },
  inputModalities: ['text', 'image', 'audio', 'video', 'pdf'],
});

const CAPABILITIES: TextModel['capabilities'] = [
  'vision',
  'tool_use',
  'parallel_tools',
  'auto_cache',
  'thinking',
  'json_schema',
  'json_object',
  'web_search',
  'audio_in',
  'video_in',
];
// Grounding is 14 USD a thousand on the 3.x models and 35 on 2.5 at the vendor; our page has no rate for it.
const SEARCH_3 = '14000.00';
const SEARCH_2 = '35000.00';

export const GEMINI = [
  gemini({
    id: 'gemini-3-1-pro',
    name: 'Gemini 3.1 Pro',
    upstreamModel: 'gemini-3.1-pro-preview',
    capabilities: CAPABILITIES,
    contextWindow: 1_000_000,
    maxOutputTokens: 32_768,
    created: '2026-02-19',
    price: listed({ input: '2.00', output: '12.00', cacheRead: '0.20', searchCalls: SEARCH_3 }, 'searchCalls'),
  }),
  gemini({
    id: 'gemini-3-5-flash',
    name: 'Gemini 3.5 Flash',
    upstreamModel: 'gemini-3.5-flash',
    capabilities: CAPABILITIES,
    contextWindow: 1_000_000,
    maxOutputTokens: 65_536,
    created: '2026-05-19',
    price: listed(
      { input: '1.50', output: '9.00', cacheRead: '0.15', searchCalls: SEARCH_3 },
      'cacheRead',
      'searchCalls',
    ),
  }),
  gemini({
    id: 'gemini-3-flash',
    name: 'Gemini 3 Flash',
    upstreamModel: 'gemini-3-flash-preview',
    capabilities: CAPABILITIES,
    contextWindow: 200_000,
    maxOutputTokens: 8_192,
    created: '2025-12-17',
    price: listed(
      { input: '0.50', output: '3.00', cacheRead: '0.05', audioInput: '1.00', searchCalls: SEARCH_3 },
      'cacheRead',
      'audioInput',
      'searchCalls',
    ),
  }),
  gemini({
    id: 'gemini-2-5-flash',
    name: 'Gemini 2.5 Flash',
    upstreamModel: 'gemini-2.5-flash',
    capabilities: CAPABILITIES,
    contextWindow: 1_000_000,
    maxOutputTokens: 65_536,
    created: '2025-06-17',
    price: listed(
      { input: '0.50', output: '3.00', cacheRead: '0.05', audioInput: '1.00', searchCalls: SEARCH_2 },
      'audioInput',
      'searchCalls',
    ),
  }),
];

type Banana = Pick<MediaModel, 'id' | 'name' | 'upstreamModel' | 'created' | 'usd' | 'status'> & Partial<MediaModel>;

const banana = (spec: Banana) =>
  imageModel({
    family: 'gemini',
    maker: 'google',
    capabilities: ['image_generate', 'image_edit'],
    inputModalities: ['text', 'image'],
    ...spec,
  });

const veo = (spec: Pick<MediaModel, 'id' | 'name' | 'upstreamModel' | 'usd'>) =>
  videoModel({
    ...spec,
    family: 'gemini',
    maker: 'google',
    capabilities: ['video_generate'],
    inputModalities: ['text', 'image'],
    created: '2025-10-15',
    status: 'listed',
  });

export const GOOGLE_MEDIA = [
  banana({
    id: 'nano-banana',
    name: 'Nano Banana',
    upstreamModel: 'gemini-2.5-flash-image',
    // It changes no picture (contract 10).
    capabilities: ['image_generate'],
    inputModalities: ['text'],
    created: '2025-08-26',
    usd: '0.018',
    status: 'listed',
  }),
  banana({
    id: 'nano-banana-v2',
    name: 'Nano Banana 2',
    upstreamModel: 'gemini-3.1-flash-image',
    created: '2026-02-26',
    usd: '0.022',
    status: 'listed',
  }),
  banana({
    id: 'nano-banana-pro',
    name: 'Nano Banana Pro',
    upstreamModel: 'gemini-3-pro-image',
    created: '2025-11-20',
    usd: '0.134',
    status: 'estimate',
  }),
  veo({ id: 'veo-3.1', name: 'Veo 3.1', upstreamModel: 'veo-3.1-generate-preview', usd: '0.40' }),
  veo({ id: 'veo-3.1-fast', name: 'Veo 3.1 Fast', upstreamModel: 'veo-3.1-fast-generate-preview', usd: '0.20' }),
  veo({ id: 'veo-3.1-lite', name: 'Veo 3.1 Lite', upstreamModel: 'veo-3.1-lite-generate-preview', usd: '0.05' }),
];

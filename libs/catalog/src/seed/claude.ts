import { estimate, listed, textFamily } from './model-seed.js';
import type { TextModel, TokenPrice } from './model-seed.js';

const claude = textFamily({
  family: 'claude',
  maker: 'anthropic',
  cells: { 'anthropic-messages': 'native', 'openai-responses': 'translated', 'openai-chat': 'translated' },
  inputModalities: ['text', 'image', 'pdf'],
});

// An hour's cache write is twice the input at the vendor, and a web search one cent; our page prints neither.
const OPUS: TokenPrice = {
  input: '5.00',
  output: '25.00',
  cacheRead: '0.50',
  cacheWrite5m: '6.25',
  cacheWrite1h: '10.00',
  searchCalls: '10000.00',
};
const SONNET: TokenPrice = {
  input: '3.00',
  output: '15.00',
  cacheRead: '0.30',
  cacheWrite5m: '3.75',
  cacheWrite1h: '6.00',
  searchCalls: '10000.00',
};
const HAIKU: TokenPrice = {
  input: '1.00',
  output: '5.00',
  cacheRead: '0.10',
  cacheWrite5m: '1.25',
  cacheWrite1h: '2.00',
  searchCalls: '10000.00',
};
const LONG_WRITES_AND_SEARCH = ['cacheWrite30m', 'cacheWrite1h', 'cacheWrite12h', 'searchCalls'] as const;
const OPUS_PRICE = listed(OPUS, 'cacheRead', 'cacheWrite5m', ...LONG_WRITES_AND_SEARCH);

const HAIKU_CAPABILITIES: TextModel['capabilities'] = [
  'vision',
  'tool_use',
  'parallel_tools',
  'cache_control',
  'json_schema',
];
const FULL_CAPABILITIES: TextModel['capabilities'] = [...HAIKU_CAPABILITIES, 'thinking', 'web_search'];
const opusLimits = { capabilities: FULL_CAPABILITIES, contextWindow: 200_000, maxOutputTokens: 32_768 };
const sonnetLimits = { capabilities: FULL_CAPABILITIES, contextWindow: 200_000, maxOutputTokens: 8_192 };

export const CLAUDE = [
  claude({
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    upstreamModel: 'claude-opus-4-8',
    ...opusLimits,
    agent: 'eligible',
    created: '2026-05-20',
    price: OPUS_PRICE,
  }),
  claude({
    id: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    upstreamModel: 'claude-opus-4-7',
    ...opusLimits,
    agent: 'eligible',
    created: '2026-04-16',
    price: OPUS_PRICE,
  }),
  claude({
    id: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    upstreamModel: 'claude-opus-4-6',
    ...opusLimits,
    created: '2026-02-05',
    price: OPUS_PRICE,
  }),
  claude({
    id: 'claude-opus-4-5',
    name: 'Claude Opus 4.5',
    upstreamModel: 'claude-opus-4-5',
    ...opusLimits,
    created: '2025-11-24',
    price: OPUS_PRICE,
  }),
  claude({
    id: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    upstreamModel: 'claude-sonnet-4-6',
    ...sonnetLimits,
    agent: 'eligible',
    created: '2026-02-17',
    price: listed(SONNET, ...LONG_WRITES_AND_SEARCH),
  }),
  claude({
    id: 'claude-sonnet-4-5',
    name: 'Claude Sonnet 4.5',
    upstreamModel: 'claude-sonnet-4-5',
    ...sonnetLimits,
    agent: 'eligible',
    created: '2025-09-29',
    price: estimate(SONNET),
  }),
  claude({
    id: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    upstreamModel: 'claude-haiku-4-5',
    capabilities: HAIKU_CAPABILITIES,
    contextWindow: 200_000,
    maxOutputTokens: 8_192,
    agent: 'eligible',
    created: '2025-10-15',
    price: listed(HAIKU, ...LONG_WRITES_AND_SEARCH),
  }),
];

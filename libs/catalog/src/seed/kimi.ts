import { estimate, textFamily } from './model-seed.js';
import type { TextModel } from './model-seed.js';

// Messages is native and live for Kimi (contract C5), whatever the agent page says.
const kimi = textFamily({
  family: 'kimi',
  maker: 'moonshot',
  cells: { 'anthropic-messages': 'native', 'openai-chat': 'native' },
  inputModalities: ['text'],
});

const CAPABILITIES: TextModel['capabilities'] = [
  'tool_use',
  'parallel_tools',
  'auto_cache',
  'thinking',
  'json_object',
  'json_schema',
];

export const KIMI = [
  kimi({
    id: 'kimi-k2-6',
    name: 'Kimi K2.6',
    upstreamModel: 'kimi-k2.6',
    capabilities: CAPABILITIES,
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    agent: 'eligible',
    created: '2026-04-20',
    price: estimate({ input: '0.95', output: '4.00', cacheRead: '0.16' }),
  }),
  kimi({
    id: 'kimi-k2-5',
    name: 'Kimi K2.5',
    upstreamModel: 'kimi-k2.5',
    capabilities: CAPABILITIES,
    contextWindow: 256_000,
    maxOutputTokens: 8_192,
    created: '2026-01-27',
    price: estimate({ input: '0.60', output: '3.00', cacheRead: '0.10' }),
  }),
];

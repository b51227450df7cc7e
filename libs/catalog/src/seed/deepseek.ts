import { estimate, listed, textFamily } from './model-seed.js';
import type { TextModel } from './model-seed.js';

const deepseek = textFamily({
  family: 'deepseek',
  maker: 'deepseek',
  cells: { 'anthropic-messages': 'native', 'openai-chat': 'native' },
  inputModalities: ['text'],
});

const CHAT_ONLY = { 'openai-chat': 'native' } as const;
const TOOLS: TextModel['capabilities'] = ['tool_use', 'auto_cache', 'json_object'];

export const DEEPSEEK = [
  deepseek({
    id: 'deepseek-v4-pro',
    name: 'DeepSeek V4 Pro',
    upstreamModel: 'deepseek-v4-pro',
    capabilities: [...TOOLS, 'parallel_tools', 'thinking'],
    contextWindow: 64_000,
    maxOutputTokens: 16_384,
    agent: 'eligible',
    created: '2026-04-24',
    price: listed({ input: '0.435', output: '0.87', cacheRead: '0.004' }),
  }),
  deepseek({
    id: 'deepseek-v4-flash',
    name: 'DeepSeek V4 Flash',
    upstreamModel: 'deepseek-v4-flash',
    capabilities: TOOLS,
    contextWindow: 64_000,
    maxOutputTokens: 8_192,
    agent: 'eligible',
    created: '2026-04-24',
    price: listed({ input: '0.14', output: '0.28', cacheRead: '0.003' }),
  }),
  deepseek({
    id: 'deepseek-v3-anthropic',
    name: 'DeepSeek V3 (Anthropic wire)',
    upstreamModel: 'deepseek-v3.2',
    capabilities: TOOLS,
    contextWindow: 64_000,
    maxOutputTokens: 8_192,
    cells: { 'anthropic-messages': 'native' },
    created: '2025-12-01',
    price: listed({ input: '0.14', output: '0.28', cacheRead: '0.003' }),
  }),
  deepseek({
    id: 'deepseek-v3-2',
    name: 'DeepSeek V3.2',
    upstreamModel: 'deepseek-v3.2',
    capabilities: TOOLS,
    contextWindow: 64_000,
    maxOutputTokens: 8_192,
    cells: CHAT_ONLY,
    created: '2025-12-01',
    price: estimate({ input: '0.28', output: '0.42', cacheRead: '0.028' }),
  }),
  deepseek({
    id: 'deepseek-r1',
    name: 'DeepSeek R1',
    upstreamModel: 'deepseek-r1',
    capabilities: ['auto_cache', 'thinking', 'tool_use', 'json_object'],
    contextWindow: 64_000,
    maxOutputTokens: 16_384,
    cells: CHAT_ONLY,
    created: '2025-01-20',
    price: estimate({ input: '0.55', output: '2.19', cacheRead: '0.14' }),
  }),
];

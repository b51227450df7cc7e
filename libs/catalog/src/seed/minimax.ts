import { listed, textFamily } from './model-seed.js';

const minimax = textFamily({
  family: 'minimax',
  maker: 'minimax',
  cells: { 'anthropic-messages': 'planned', 'openai-chat': 'native' },
  inputModalities: ['text'],
});

export const MINIMAX = [
  minimax({
    id: 'minimax-m2-7',
    name: 'MiniMax M2.7',
    upstreamModel: 'MiniMax-M2.7',
    capabilities: ['tool_use', 'auto_cache', 'thinking', 'json_object'],
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    agent: 'planned',
    created: '2026-03-18',
    price: listed({ input: '0.26', output: '1.20', cacheRead: '0.06' }),
  }),
];

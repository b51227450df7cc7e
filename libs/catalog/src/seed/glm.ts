import { estimate, listed, textFamily } from './model-seed.js';

const glm = textFamily({
  family: 'glm',
  maker: 'zhipu',
  cells: { 'anthropic-messages': 'planned', 'openai-chat': 'native' },
  inputModalities: ['text'],
});

export const GLM = [
  glm({
    id: 'glm-5-1',
    name: 'GLM-5.1',
    upstreamModel: 'glm-5.1',
    capabilities: ['vision', 'tool_use', 'auto_cache', 'thinking', 'json_object'],
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    inputModalities: ['text', 'image'],
    agent: 'planned',
    created: '2026-04-07',
    price: listed({ input: '1.40', output: '4.40', cacheRead: '0.26' }),
  }),
  glm({
    id: 'glm-5',
    name: 'GLM-5',
    upstreamModel: 'glm-5',
    capabilities: ['tool_use', 'auto_cache', 'thinking', 'json_object'],
    contextWindow: 128_000,
    maxOutputTokens: 8_192,
    agent: 'planned',
    created: '2026-02-11',
    price: estimate({ input: '1.00', output: '3.20', cacheRead: '0.20' }),
  }),
];

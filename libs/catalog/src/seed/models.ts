import { CLAUDE } from './claude.js';
import { DEEPSEEK } from './deepseek.js';
import { BYTEDANCE_MEDIA, DOUBAO } from './doubao.js';
import { GEMINI, GOOGLE_MEDIA } from './gemini.js';
import { GLM } from './glm.js';
import { GPT, OPENAI_MEDIA } from './gpt.js';
import { KIMI } from './kimi.js';
import { MINIMAX } from './minimax.js';
import type { ModelSeed } from './model-seed.js';

/** Every seeded model, in the order in which lists show them. */
export const MODEL_SEEDS: readonly ModelSeed[] = [
  ...CLAUDE,
  ...GPT,
  ...GEMINI,
  ...DEEPSEEK,
  ...KIMI,
  ...GLM,
  ...MINIMAX,
  ...DOUBAO,
  ...OPENAI_MEDIA,
  ...GOOGLE_MEDIA,
  ...BYTEDANCE_MEDIA,
];

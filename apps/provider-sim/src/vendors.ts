import { anthropic } from './anthropic/anthropic.js';
import { deepseekAnthropic } from './anthropic-look-alikes/deepseek.js';
import { minimaxAnthropic } from './anthropic-look-alikes/minimax.js';
import { moonshotAnthropic } from './anthropic-look-alikes/moonshot.js';
import { gemini } from './gemini/gemini.js';
import { openai } from './openai/openai.js';
import type { Wire } from './wire/wire.js';

/** Every wire the simulator serves, one line each. */
export const WIRES: readonly Wire[] = [
  anthropic,
  deepseekAnthropic,
  minimaxAnthropic,
  moonshotAnthropic,
  openai,
  gemini,
];

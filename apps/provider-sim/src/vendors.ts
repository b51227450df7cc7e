import { anthropic } from './anthropic/anthropic.js';
import { deepseekAnthropic } from './anthropic-look-alikes/deepseek.js';
import { minimaxAnthropic } from './anthropic-look-alikes/minimax.js';
import { moonshotAnthropic } from './anthropic-look-alikes/moonshot.js';
import { gemini } from './gemini/gemini.js';
import { arkChat } from './look-alikes/ark.js';
import { deepseekChat } from './look-alikes/deepseek.js';
import { minimaxChat } from './look-alikes/minimax.js';
import { moonshotChat } from './look-alikes/moonshot.js';
import { zhipuChat } from './look-alikes/zhipu.js';
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
  deepseekChat,
  moonshotChat,
  zhipuChat,
  minimaxChat,
  arkChat,
];

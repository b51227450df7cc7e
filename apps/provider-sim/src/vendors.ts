import { anthropic } from './anthropic/anthropic.js';
import { arkAnthropic } from './anthropic-look-alikes/ark.js';
import { deepseekAnthropic } from './anthropic-look-alikes/deepseek.js';
import { minimaxAnthropic } from './anthropic-look-alikes/minimax.js';
import { moonshotAnthropic } from './anthropic-look-alikes/moonshot.js';
import { zhipuAnthropic } from './anthropic-look-alikes/zhipu.js';
import { gemini, geminiDownloads } from './gemini/gemini.js';
import { openai } from './openai/openai.js';
import { ark } from './responses-look-alikes/ark.js';
import { deepseek } from './responses-look-alikes/deepseek.js';
import { minimax } from './responses-look-alikes/minimax.js';
import { moonshot } from './responses-look-alikes/moonshot.js';
import { zhipu } from './responses-look-alikes/zhipu.js';
import { tosStore } from './stores/tos-store.js';
import type { Wire } from './wire/wire.js';

/** Every wire the simulator serves, one line each. */
export const WIRES: readonly Wire[] = [
  anthropic,
  deepseekAnthropic,
  minimaxAnthropic,
  moonshotAnthropic,
  zhipuAnthropic,
  arkAnthropic,
  openai,
  gemini,
  deepseek,
  moonshot,
  zhipu,
  minimax,
  ark,
];

/** Where vendors leave their files: places that ask for no key, because the address is the permission. */
export const STORES: readonly Wire[] = [geminiDownloads, tosStore];

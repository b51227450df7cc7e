import { anthropic } from './anthropic/anthropic.js';
import { openai } from './openai/openai.js';
import type { Wire } from './wire/wire.js';

/** Every wire the simulator serves, one line each. */
export const WIRES: readonly Wire[] = [anthropic, openai];

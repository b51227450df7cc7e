import { anthropic } from './anthropic/anthropic.js';
import { createChatWire } from './openai-chat/create-chat-wire.js';
import { OPENAI_CHAT } from './openai-chat/openai-chat.js';
import type { Wire } from './wire/wire.js';

/** Every wire the simulator serves, one line each. */
export const WIRES: readonly Wire[] = [anthropic, createChatWire(OPENAI_CHAT)];

import type { ProtocolName } from '@bytespike/kernel';

import { anthropicMessages } from '../anthropic-messages/index.js';
import { geminiGenerate } from '../gemini-generate/index.js';
import { openaiChat } from '../openai-chat/index.js';
import { openaiResponses } from '../openai-responses/index.js';
import { translatable, type Translatable } from './translatable.js';

/** Every protocol, ready to be joined to any other. */
export const TRANSLATABLE: Readonly<Record<ProtocolName, Translatable>> = {
  'anthropic-messages': translatable(anthropicMessages),
  'openai-responses': translatable(openaiResponses),
  'openai-chat': translatable(openaiChat),
  'gemini-generate': translatable(geminiGenerate),
};

import type { ProtocolName } from '@bytespike/kernel';

import { openAnthropic } from './anthropic.js';
import type { Open } from './conversation.js';
import { openGemini } from './gemini.js';
import { openChat } from './openai-chat.js';
import { openResponses } from './openai-responses.js';

/** The official SDK of each protocol. */
export const OPEN = {
  'anthropic-messages': openAnthropic,
  'openai-responses': openResponses,
  'openai-chat': openChat,
  'gemini-generate': openGemini,
} as const satisfies Record<ProtocolName, Open>;

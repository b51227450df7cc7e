import { GatewayError, type ProtocolName } from '@bytespike/kernel';

import { anthropicMessages } from '../anthropic-messages/index.js';
import { geminiGenerate } from '../gemini-generate/index.js';
import { openaiChat } from '../openai-chat/index.js';
import { openaiResponses } from '../openai-responses/index.js';
import { translatable, type Translatable } from './translatable.js';

/** The protocols that translate. A missing one is refused honestly until it has its folder's six files. */
export const TRANSLATABLE: Partial<Readonly<Record<ProtocolName, Translatable>>> = {
  'anthropic-messages': translatable(anthropicMessages),
  'openai-chat': translatable(openaiChat),
  'openai-responses': translatable(openaiResponses),
  'gemini-generate': translatable(geminiGenerate),
};

/** Throws `unsupported` for a protocol that does not translate yet. */
export function translatableProtocol(name: ProtocolName): Translatable {
  const found = TRANSLATABLE[name];
  if (!found) throw new GatewayError('unsupported', `Translation of ${name} is not available yet.`);
  return found;
}

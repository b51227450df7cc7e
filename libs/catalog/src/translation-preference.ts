import type { ProtocolName } from '@bytespike/kernel';

/**
 * Where a protocol is translated to, best first. A model that has both of OpenAI's wires keeps its reasoning from turn to
 * turn and searches the web on Responses alone; look-alikes that have two carry most on Chat.
 */
export const TRANSLATION_PREFERENCE = [
  'openai-responses',
  'openai-chat',
  'anthropic-messages',
  'gemini-generate',
] as const satisfies readonly ProtocolName[];

import type { ProtocolName } from '@bytespike/kernel';

/** Where a protocol is translated to, best first: Chat is what every vendor but two speaks and most pairs reach. */
export const TRANSLATION_PREFERENCE = [
  'openai-chat',
  'anthropic-messages',
  'openai-responses',
  'gemini-generate',
] as const satisfies readonly ProtocolName[];

import type { ProtocolName } from '@bytespike/kernel';

/** Who invented each wire language, by vendor name. All others who speak it are look-alikes, and have a profile. */
export const PROTOCOL_OWNERS = {
  'anthropic-messages': 'anthropic',
  'openai-responses': 'openai',
  'openai-chat': 'openai',
  'gemini-generate': 'google',
} as const satisfies Record<ProtocolName, string>;

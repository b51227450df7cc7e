/** The wire languages. A vendor speaks one or several of them; a client speaks one. */
export const PROTOCOL_NAMES = ['anthropic-messages', 'openai-responses', 'openai-chat', 'gemini-generate'] as const;

export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

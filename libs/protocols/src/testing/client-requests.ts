import type { ProtocolName } from '@bytespike/kernel';

/**
 * The least a client of each protocol asks when it wants to see everything of an answer: reasoning, and usage where
 * that is told on request alone.
 */
export const CURIOUS_REQUESTS: Readonly<Record<ProtocolName, object>> = {
  'anthropic-messages': {
    model: 'm',
    max_tokens: 4_096,
    thinking: { type: 'adaptive', display: 'summarized' },
    messages: [{ role: 'user', content: 'Hi' }],
  },
  'openai-responses': {
    model: 'm',
    input: 'Hi',
    store: false,
    reasoning: { effort: 'medium', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
  },
  'openai-chat': {
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    reasoning_effort: 'medium',
    stream_options: { include_usage: true },
  },
  'gemini-generate': {
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  },
};

export const curiousBody = (client: ProtocolName): string => JSON.stringify(CURIOUS_REQUESTS[client]);

import type { PeekDialect, PeekMembers } from '../peek/dialect.js';

// Proto-JSON: both spellings of a name are one member, and the wire accepts either (protocols 1.4).
const thinkingConfig = {
  thinkingBudget: 'thinking-budget',
  thinking_budget: 'thinking-budget',
  thinkingLevel: 'thinking',
  thinking_level: 'thinking',
} as const satisfies PeekMembers;

const generationConfig = {
  maxOutputTokens: 'max-output',
  max_output_tokens: 'max-output',
  candidateCount: 'choices',
  candidate_count: 'choices',
  thinkingConfig,
  thinking_config: thinkingConfig,
} as const satisfies PeekMembers;

const request = {
  contents: 'conversation',
  tools: 'tools',
  generationConfig,
  generation_config: generationConfig,
  cachedContent: 'thread',
  cached_content: 'thread',
} as const satisfies PeekMembers;

const counted = { ...request, model: 'model' } as const satisfies PeekMembers;

/** What policy reads of a `generateContent` or `countTokens` request; model and streaming are in the path. */
export const geminiPeek: PeekDialect = {
  members: { ...request, generateContentRequest: counted, generate_content_request: counted },
  blocks: {},
};

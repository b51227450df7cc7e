import type { PeekDialect } from '../peek/dialect.js';

/** What policy reads of a Messages request (protocols 1.1). */
export const anthropicPeek: PeekDialect = {
  members: {
    model: 'model',
    stream: 'stream',
    max_tokens: 'max-output',
    tools: 'tools',
    messages: 'conversation',
    thread: 'thread',
    thinking: { type: 'thinking' },
  },
  blocks: { image: 'image' },
};

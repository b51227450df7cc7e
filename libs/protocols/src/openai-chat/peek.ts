import type { PeekDialect } from '../peek/dialect.js';

/** What policy reads of a Chat request (protocols 1.3), vendors' reasoning switches included (4.1 to 4.5). */
export const chatPeek: PeekDialect = {
  members: {
    model: 'model',
    stream: 'stream',
    stream_options: { include_usage: 'usage-wanted' },
    max_tokens: 'max-output',
    max_completion_tokens: 'max-output',
    n: 'choices',
    tools: 'tools',
    functions: 'tools',
    web_search_options: 'search',
    web_search: 'search',
    grounding: 'search',
    messages: 'conversation',
    reasoning_effort: 'thinking',
    thinking: { type: 'thinking' },
  },
  blocks: { image_url: 'image' },
  askForUsage: { container: 'stream_options', key: 'include_usage' },
};

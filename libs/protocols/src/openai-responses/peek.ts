import type { PeekDialect } from '../peek/dialect.js';

/** What policy reads of a Responses request (protocols 1.2). State is kept by the gateway (contract 0.6). */
export const responsesPeek: PeekDialect = {
  members: {
    model: 'model',
    stream: 'stream',
    max_output_tokens: 'max-output',
    prompt_cache_options: { prewarm: 'prewarm' },
    tools: 'tools',
    input: 'conversation',
    previous_response_id: 'state',
    conversation: 'thread',
    store: 'store',
    background: 'background',
    reasoning: { effort: 'thinking' },
  },
  blocks: {
    input_image: 'image',
    item_reference: 'state',
    additional_tools: 'tools',
    // Of a tool that an item of the conversation brings along; nothing else there is named so.
    web_search: 'search',
    web_search_2025_08_26: 'search',
    web_search_preview: 'search',
    web_search_preview_2025_03_11: 'search',
  },
  // An item that has nothing but an id refers to a stored one; the vendor would look it up among those of every key.
  unnamed: 'state',
};

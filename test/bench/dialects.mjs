// How each dialect asks, and how its streams show content and an end: what the load of a translated lane needs to know.

/** The model that the owner's wire of this protocol alone serves (see tools/test/wire-channels.mjs). */
const MODELS = {
  'anthropic-messages': 'e2e-messages',
  'openai-responses': 'e2e-responses',
  'openai-chat': 'e2e-chat',
  'gemini-generate': 'e2e-gemini',
};

export const PROTOCOLS = Object.keys(MODELS);

const OUTPUT_TOKENS_MAX = 16_000;

const DIALECTS = {
  'anthropic-messages': {
    path: '/v1/messages',
    question: (text) => ({ max_tokens: OUTPUT_TOKENS_MAX, messages: [{ role: 'user', content: text }] }),
    streamed: { stream: true },
    marker: { content: '"text_delta"', end: 'message_stop' },
  },
  'openai-responses': {
    path: '/v1/responses',
    question: (text) => ({ input: text }),
    // What is kept is kept in Postgres, on either lane; nothing is, so that lanes are what is compared.
    streamed: { stream: true, store: false },
    marker: { content: 'output_text.delta', end: '}\n\n' },
  },
  'openai-chat': {
    path: '/v1/chat/completions',
    question: (text) => ({ messages: [{ role: 'user', content: text }] }),
    streamed: { stream: true, stream_options: { include_usage: true } },
    marker: { content: '"content"', end: '[DONE]' },
  },
  'gemini-generate': {
    question: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    streamed: {},
    marker: { content: '"text"', end: '}' },
  },
};

/** A streamed request of one client's dialect for one vendor's wire; `body` is that of a whole conversation. */
export function askOn({ client, vendor }, { key, prompt, body }) {
  const { path, question, streamed, marker } = DIALECTS[client];
  const model = MODELS[vendor];
  const asked = body ? JSON.parse(body) : question(prompt);
  const inPath = client === 'gemini-generate';
  return {
    path: inPath ? `/v1beta/models/${model}:streamGenerateContent?alt=sse` : path,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ ...asked, ...(!inPath && { model }), ...streamed }),
    marker,
  };
}

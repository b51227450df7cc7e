/**
 * Vendors' streams and answers in few words, each as the reference draws it (protocols 1.1 to 1.4): what a case is
 * about is spelled out where it stands, the rest is here.
 */
type Json = Readonly<Record<string, unknown>>;

/** One Chat chunk. */
export const chat = (delta: object, finish_reason: string | null = null, more: object = {}): Json => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_760_000_000,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});

/** A fragment of a Chat call: the first has a name, later ones grow the arguments. */
export const fragment = (
  index: number,
  text: string,
  first: { readonly id?: string; readonly name?: string } = {},
) => ({
  tool_calls: [
    {
      index,
      ...(first.id !== undefined && { id: first.id, type: 'function' }),
      function: { ...(first.name !== undefined && { name: first.name }), arguments: text },
    },
  ],
});

export const chatAnswer = (message: object, finish_reason = 'stop', more: object = {}): Json => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  ...more,
});

export const chatCall = (id: string, name: string, value: object = {}) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(value) },
});

export const messageStart = (usage: object = { input_tokens: 5, output_tokens: 1 }, id = 'msg_01'): Json => ({
  type: 'message_start',
  message: { id, type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage },
});

/** A whole Messages block of a stream. */
export const block = (index: number, content_block: object, ...deltas: readonly object[]): readonly Json[] => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];

export const messageEnd = (
  stop_reason: string,
  usage: object = { output_tokens: 7 },
  more: object = {},
): readonly Json[] => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...more }, usage },
  { type: 'message_stop' },
];

export const messagesAnswer = (content: readonly object[], stop_reason = 'end_turn', more: object = {}): Json => ({
  id: 'msg_01',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content,
  stop_reason,
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 7 },
  ...more,
});

const RESPONSES_USAGE = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 12,
};

export const responsesAnswer = (output: readonly object[], more: object = {}): Json => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_760_000_000,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'm',
  output,
  usage: RESPONSES_USAGE,
  ...more,
});

/** A Responses stream around these events, numbered as the wire numbers them. */
export function responsesStream(events: readonly object[], output: readonly object[], more: object = {}): Json[] {
  const begun = { ...responsesAnswer([]), status: 'in_progress', usage: null };
  return [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...events,
    { type: 'response.completed', response: responsesAnswer(output, more) },
  ].map((event, sequence_number) => ({ ...event, sequence_number }));
}

export const responsesCall = (id: string, name: string, value: object = {}) => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: JSON.stringify(value),
  status: 'completed',
});

export const responsesText = (text: string, annotations: readonly object[] = []) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations, logprobs: [] }],
});

/** One Gemini chunk, or a whole answer: on this wire they look alike. */
export const gemini = (parts: readonly object[] | undefined, candidate: object = {}, more: object = {}): Json => ({
  candidates: [{ content: { role: 'model', ...(parts && { parts }) }, index: 0, ...candidate }],
  modelVersion: 'm',
  responseId: 'r1',
  ...more,
});

export const geminiUsage = (prompt: number, candidates = 7) => ({
  usageMetadata: { promptTokenCount: prompt, candidatesTokenCount: candidates, totalTokenCount: prompt + candidates },
});

/** Every span name there is; what varies is a `subject` from a closed set (GenAI conventions: `chat {model}`). */
export const SPAN_NAMES = ['request', 'chat', 'render', 'translate', 'serve', 'store', 'task', 'callback'] as const;

export type SpanName = (typeof SPAN_NAMES)[number];

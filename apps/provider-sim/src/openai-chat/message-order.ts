import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';

/** What is out of order in a list of messages, and at which index. */
export type Disorder =
  | { readonly type: 'unanswered'; readonly index: number; readonly ids: readonly string[] }
  | { readonly type: 'stray-result'; readonly index: number };

export const messagesOf = (body: Json): readonly Json[] =>
  Array.isArray(body['messages']) ? body['messages'].filter(isObject) : [];

export const toolCallsOf = (message: Json): readonly Json[] =>
  Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isObject) : [];

const idOf = (call: Json): string => String(call['id']);

/** Every call must be answered by a tool message before anything else is said, and no tool message may answer thin air. */
export const findDisorder = (messages: readonly Json[]): Disorder | undefined => {
  let open = new Set<string>();
  let answered = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id']);
      if (!open.has(id) && !answered.has(id)) return { type: 'stray-result', index };
      open.delete(id);
      answered.add(id);
      continue;
    }
    if (open.size > 0) return { type: 'unanswered', index, ids: [...open] };
    open = new Set(message['role'] === 'assistant' ? toolCallsOf(message).map(idOf) : []);
    answered = new Set();
  }
  return open.size > 0 ? { type: 'unanswered', index: messages.length - 1, ids: [...open] } : undefined;
};

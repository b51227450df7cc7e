import type { Call } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import type { MessagesRequest, WireBlock } from './messages-request.js';

/** What is held under the id of the answer that a thread has come to. */
class Held {
  /** A thread goes on from each answer once. */
  continued = false;

  constructor(readonly request: Pick<MessagesRequest, 'messages' | 'system' | 'tools'>) {}
}

const keyOf = (call: Call, messageId: string): string => `${call.vendor} ${call.key} thread ${messageId}`;

const find = (call: Call, messageId: string): Held | undefined => {
  const found = call.memory.objects.get(keyOf(call, messageId));
  return found instanceof Held ? found : undefined;
};

const refuse = (code: string, message: string, status = 400): never => {
  throw new Refusal({ status, code: `thread_${code}`, message });
};

const UNSUPPORTED = ['cache_control', 'context_management', 'fallbacks', 'thinking'] as const;

/** The whole conversation of a request that goes on with a thread; any other request is what it is. */
export const resumeThread = (request: MessagesRequest, call: Call): MessagesRequest => {
  const { thread } = request;
  if (!thread) return request;
  const unsupported = UNSUPPORTED.find((field) => (request[field] ?? null) !== null);
  if (unsupported !== undefined)
    refuse('unsupported_request', `\`thread\` cannot be combined with \`${unsupported}\`.`);
  if (thread.type === 'create') return request;
  const held =
    find(call, thread.previous_message_id) ??
    refuse('not_found', `No thread was found for previous_message_id ${thread.previous_message_id}.`, 404);
  if (held.continued) refuse('already_continued', 'This thread was already continued from previous_message_id.');
  const { system, tools, messages } = held.request;
  const changed = (['system', 'tools'] as const).find(
    (field) => request[field] !== undefined && JSON.stringify(request[field]) !== JSON.stringify(held.request[field]),
  );
  if (changed !== undefined) refuse('fingerprint_mismatch', `\`${changed}\` differs from the thread's.`);
  return {
    ...request,
    ...(system && { system }),
    ...(tools && { tools }),
    messages: [...messages, ...request.messages],
  };
};

/** Holds a conversation, as `resumeThread` gave it, under the id of its answer. */
export const holdThread = (
  request: MessagesRequest,
  answer: { readonly id: string; readonly content: readonly WireBlock[] },
  call: Call,
): void => {
  const { thread, system, tools } = request;
  if (thread?.type === 'continue') {
    const before = find(call, thread.previous_message_id);
    if (before) before.continued = true;
  }
  const reply = { role: 'assistant' as const, content: answer.content };
  const messages = answer.content.length > 0 ? [...request.messages, reply] : request.messages;
  const held = new Held({ messages, ...(system && { system }), ...(tools && { tools }) });
  call.memory.objects.set(keyOf(call, answer.id), held, JSON.stringify(messages).length);
};

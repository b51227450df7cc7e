import { logprobsOf } from '../openai/logprobs.js';
import type { ChatMessage, ChatToolCall } from './message.js';
import type { ReasoningSlot } from './profile.js';

/** What every body of one response repeats. */
export interface Envelope {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly extras: Readonly<Record<string, string | null>>;
  readonly slot: ReasoningSlot;
  readonly refusals: 'own-field' | 'content';
  readonly deltasNameBoth: boolean;
  readonly choices: number;
  readonly logprobs: { readonly top: number } | undefined;
}

/** The response in one piece. */
export const completionBody = (message: ChatMessage, envelope: Envelope, usage: object): object => ({
  id: envelope.id,
  object: 'chat.completion',
  created: envelope.created,
  model: envelope.model,
  choices: Array.from({ length: envelope.choices }, (_, index) => ({
    index,
    message: wholeMessage(message, envelope),
    logprobs:
      envelope.logprobs === undefined
        ? null
        : { content: logprobsOf(message.content ?? '', envelope.logprobs.top), refusal: null },
    finish_reason: message.finishReason,
  })),
  usage,
  ...envelope.extras,
});

const wholeMessage = (message: ChatMessage, { slot, refusals }: Envelope): object => ({
  role: 'assistant',
  content: message.content,
  ...reasoningFields(message.reasoning, slot),
  ...(refusals === 'own-field' && { refusal: message.refusal, annotations: message.annotations }),
  ...(refusals === 'content' && message.refusal !== null && { content: message.refusal }),
  ...(message.toolCalls.length > 0 && {
    tool_calls: message.toolCalls.map((call, index) => wholeCall(call, { refusals, index })),
  }),
});

/** The look-alikes number the calls of a complete message too; OpenAI does not. */
const wholeCall = (
  call: ChatToolCall,
  { refusals, index }: { refusals: Envelope['refusals']; index: number },
): object => ({
  ...(refusals === 'content' && { index }),
  id: call.id,
  type: call.type,
  ...(call.type === 'function'
    ? { function: { name: call.name, arguments: call.written } }
    : { custom: { name: call.name, input: call.written } }),
});

/** Where a vendor puts visible thinking, in a message as in a delta. */
export const reasoningFields = (reasoning: string, slot: ReasoningSlot): object => {
  if (reasoning === '') return {};
  if (slot === 'reasoning_content') return { reasoning_content: reasoning };
  if (slot !== 'reasoning_details') return {};
  const detail = {
    type: 'reasoning.text',
    id: 'reasoning-text-1',
    format: 'MiniMax-response-v1',
    index: 0,
    text: reasoning,
  };
  return { reasoning_content: reasoning, reasoning_details: [detail] };
};

import type { ProtocolName } from '@bytespike/kernel';

type Json = Readonly<Record<string, unknown>>;

/** A body in the two halves a prompt cache knows: what stands before the conversation, and the conversation. */
export interface History {
  readonly head: readonly unknown[];
  readonly items: readonly unknown[];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [value]);

const READERS: Readonly<Record<ProtocolName, (body: Json) => History>> = {
  'anthropic-messages': ({ tools, system, messages }) => ({ head: [tools, system], items: list(messages) }),
  'openai-responses': ({ tools, instructions, input }) => ({ head: [tools, instructions], items: list(input) }),
  'openai-chat': ({ tools, messages }) => ({ head: [tools], items: list(messages) }),
  'gemini-generate': ({ tools, systemInstruction, contents }) => ({
    head: [tools, systemInstruction],
    items: list(contents),
  }),
};

/** Cache marks move with the end of a conversation; a vendor leaves them out of what it compares. */
const CACHE_MARKS = ['cache_control', 'prompt_cache_breakpoint'];

export function historyOf(protocol: ProtocolName, body: string): History {
  const unmarked = JSON.parse(body, (key, value: unknown) => (CACHE_MARKS.includes(key) ? undefined : value)) as Json;
  return READERS[protocol](unmarked);
}

import type { Answer, AnswerPart, TextPart, Thinking, ToolCall } from '../brain/answer.js';
import type { Citation } from '../openai/citations.js';
import { citationsOf } from '../openai/citations.js';
import type { Json } from '../openai/fields.js';
import { freeformText } from '../openai/freeform.js';
import { logprobsOf } from '../openai/logprobs.js';
import { encryptReasoning } from './encrypted-content.js';
import type { ReasoningSlot } from './profile.js';
import type { CallableTool } from './read-tools.js';

export interface OutputStyle {
  readonly tools: ReadonlyMap<string, CallableTool>;
  readonly slot: ReasoningSlot;
  /** Whether the caller asked for a readable summary of the reasoning. */
  readonly summary: 'shown' | 'withheld';
  readonly sources: 'listed' | 'omitted';
  readonly logprobs: { readonly top: number } | undefined;
}

/** The answer as output items, in the order in which the model made them. */
export const renderOutput = (answer: Answer, style: OutputStyle): readonly Json[] => {
  const reasoned = answer.parts.some((part) => part.type === 'thinking');
  const groups = groupParts(answer.parts);
  const status = answer.finish === 'length' ? 'incomplete' : 'completed';
  const hasCalls = groups.some((group) => group.type === 'tool-call');
  const items = groups.map((group, index): Json => {
    const id = (prefix: string): string => `${prefix}_${reasoned ? 1 : 0}${answer.id}${String(index).padStart(2, '0')}`;
    const isLast = index === groups.length - 1;
    switch (group.type) {
      case 'thinking':
        return reasoningItem(id('rs'), group.parts, style);
      case 'text':
        return messageItem(
          { id: id('msg'), status: isLast ? status : 'completed', phase: hasCalls ? 'commentary' : 'final_answer' },
          [textPart(group.parts, style)],
        );
      case 'search':
        return searchItem(id('ws'), group.part, style);
      case 'tool-call':
        return callItem(group.part, {
          id,
          status: isLast ? status : 'completed',
          tool: style.tools.get(group.part.name),
        });
    }
  });
  if (answer.finish !== 'refusal') return items;
  const material = `msg_${reasoned ? 1 : 0}${answer.id}${String(groups.length).padStart(2, '0')}`;
  const hasText = groups.some((group) => group.type === 'text');
  return hasText
    ? items
    : [...items, messageItem({ id: material, status: 'completed', phase: 'final_answer' }, [refusalPart(answer)])];
};

type Group =
  | { readonly type: 'thinking'; readonly parts: Thinking[] }
  | { readonly type: 'text'; readonly parts: TextPart[] }
  | { readonly type: 'search'; readonly part: Extract<AnswerPart, { type: 'search' }> }
  | { readonly type: 'tool-call'; readonly part: ToolCall };

/** Neighbouring thoughts are one reasoning item, neighbouring texts one message. */
const groupParts = (parts: readonly AnswerPart[]): readonly Group[] => {
  const groups: Group[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (part.type === 'thinking') {
      if (last?.type === 'thinking') last.parts.push(part);
      else groups.push({ type: 'thinking', parts: [part] });
    } else if (part.type === 'text') {
      if (last?.type === 'text') last.parts.push(part);
      else groups.push({ type: 'text', parts: [part] });
    } else if (part.type === 'search') groups.push({ type: 'search', part });
    else groups.push({ type: 'tool-call', part });
  }
  return groups;
};

const reasoningItem = (id: string, parts: readonly Thinking[], { slot, summary }: OutputStyle): Json => {
  const said = parts.map(({ text }) => text);
  if (slot === 'content')
    return { id, type: 'reasoning', summary: [], content: said.map((text) => ({ type: 'reasoning_text', text })) };
  if (slot === 'summary')
    return { id, type: 'reasoning', summary: said.map((text) => ({ type: 'summary_text', text })) };
  const shown = summary === 'shown' ? parts.filter(({ visibility }) => visibility === 'visible') : [];
  return {
    id,
    type: 'reasoning',
    summary: shown.map(({ text }) => ({ type: 'summary_text', text })),
    encrypted_content: encryptReasoning(id, said.join('\n')),
  };
};

interface MessageHead {
  readonly id: string;
  readonly status: string;
  readonly phase: string;
}

const messageItem = ({ id, status, phase }: MessageHead, content: readonly Json[]): Json => ({
  id,
  type: 'message',
  status,
  content,
  phase,
  role: 'assistant',
});

const textPart = (parts: readonly TextPart[], { logprobs }: OutputStyle): Json => {
  const text = parts.map((part) => part.text).join('');
  return {
    type: 'output_text',
    annotations: citationsOf(parts).map(annotationOf),
    logprobs: logprobs === undefined ? [] : logprobsOf(text, logprobs.top),
    text,
  };
};

const annotationOf = ({ start_index, end_index, source: { title, url } }: Citation): Json => ({
  type: 'url_citation',
  start_index,
  end_index,
  title,
  url,
});

const refusalPart = (answer: Answer): Json => ({
  type: 'refusal',
  refusal: answer.refusal?.explanation ?? "I'm sorry, but I can't help with that.",
});

const searchItem = (id: string, search: Extract<AnswerPart, { type: 'search' }>, { sources }: OutputStyle): Json => ({
  id,
  type: 'web_search_call',
  status: 'completed',
  action: {
    type: 'search',
    query: search.query,
    queries: [search.query],
    ...(sources === 'listed' && { sources: search.results.map(({ url }) => ({ type: 'url', url })) }),
  },
});

interface CallHead {
  readonly id: (prefix: string) => string;
  readonly status: string;
  readonly tool: CallableTool | undefined;
}

const callItem = (call: ToolCall, { id, status, tool }: CallHead): Json => {
  const named = {
    call_id: `call_${call.id}`,
    name: tool?.name ?? call.name,
    ...(tool?.namespace !== undefined && { namespace: tool.namespace }),
  };
  if (tool?.kind === 'custom')
    return { id: id('ctc'), type: 'custom_tool_call', status, ...named, input: freeformText(call) };
  return { id: id('fc'), type: 'function_call', status, ...named, arguments: call.inputText };
};

import type { Answer, AnswerPart, Finish, ToolCall } from '../brain/answer.js';
import type { Citation } from '../openai/citations.js';
import { citationsOf } from '../openai/citations.js';
import { freeformText } from '../openai/freeform.js';
import type { ReasoningSlot } from './profile.js';

/** One choice's message, complete; the stream is cut from it. */
export interface ChatMessage {
  readonly reasoning: string;
  readonly content: string | null;
  readonly refusal: string | null;
  readonly annotations: readonly Annotation[];
  readonly toolCalls: readonly ChatToolCall[];
  readonly finishReason: string;
}

export interface ChatToolCall {
  readonly id: string;
  readonly type: 'function' | 'custom';
  readonly name: string;
  /** `arguments` of a function, `input` of a free-form tool. */
  readonly written: string;
}

export interface Annotation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly title: string;
    readonly url: string;
  };
}

export interface MessageStyle {
  readonly slot: ReasoningSlot;
  readonly callId: (call: { readonly id: string; readonly name: string; readonly ordinal: number }) => string;
  readonly freeform: ReadonlySet<string>;
  readonly refusalFinish: string | undefined;
}

const FINISH = {
  end: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  refusal: 'stop',
  pause: 'stop',
} as const satisfies Record<Finish, string>;

const only = <T extends AnswerPart['type']>(answer: Answer, type: T): readonly Extract<AnswerPart, { type: T }>[] =>
  answer.parts.filter((part): part is Extract<AnswerPart, { type: T }> => part.type === type);

/** The answer as a chat message. */
export const messageOf = (answer: Answer, style: MessageStyle): ChatMessage => {
  const reasoning = only(answer, 'thinking')
    .map((part) => part.text)
    .join('\n');
  const texts = only(answer, 'text');
  const said = texts.map((part) => part.text).join('');
  const toolCalls = only(answer, 'tool-call').map((call, ordinal) => callOf(call, ordinal, style));
  const spoken = style.slot === 'think-tags' && reasoning !== '' ? `<think>\n${reasoning}\n</think>\n\n${said}` : said;
  const refused = answer.finish === 'refusal';
  return {
    reasoning: style.slot === 'hidden' || style.slot === 'think-tags' ? '' : reasoning,
    content: spoken === '' && (toolCalls.length > 0 || refused) ? null : spoken,
    refusal: refused ? (answer.refusal?.explanation ?? "I'm sorry, but I can't help with that.") : null,
    annotations: citationsOf(texts).map(annotationOf),
    toolCalls,
    // A refusal that interrupts what was already said is the filter's doing, not the model's own words.
    finishReason: refused ? (style.refusalFinish ?? (said === '' ? 'stop' : 'content_filter')) : FINISH[answer.finish],
  };
};

const callOf = (call: ToolCall, ordinal: number, { callId, freeform }: MessageStyle): ChatToolCall => {
  const id = callId({ id: call.id, name: call.name, ordinal });
  if (!freeform.has(call.name)) return { id, type: 'function', name: call.name, written: call.inputText };
  return { id, type: 'custom', name: call.name, written: freeformText(call) };
};

const annotationOf = ({ start_index, end_index, source: { title, url } }: Citation): Annotation => ({
  type: 'url_citation',
  url_citation: { start_index, end_index, title, url },
});

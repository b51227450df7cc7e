import type { JsonObject } from './conversation.js';

/** What the brain decided, still without any vendor's spelling. */
export interface Answer {
  /** Twenty-four base-62 characters that depend on the request alone: the material of response ids. */
  readonly id: string;
  readonly parts: readonly AnswerPart[];
  readonly finish: Finish;
  /** The sequence that ended the text, when `finish` is `stop-sequence`. */
  readonly stopSequence?: string;
  readonly refusal?: Refused;
  /** Everything generated, thinking included. */
  readonly outputTokens: number;
  readonly thinkingTokens: number;
}

export type Finish = 'end' | 'length' | 'stop-sequence' | 'tool-calls' | 'refusal' | 'pause';

export interface Refused {
  readonly category: string;
  readonly explanation: string;
}

export type AnswerPart = Thinking | TextPart | ToolCall | Search;

/** `redacted` where the script asked for thinking that its reader may carry but not read; most vendors have no such thing. */
export interface Thinking {
  readonly type: 'thinking';
  readonly text: string;
  readonly tokens: number;
  readonly visibility: 'visible' | 'redacted';
}

/** `sources` are what the text was drawn from: a wire with citations renders them, another leaves them out. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  readonly sources: readonly Source[];
}

/** `id` is again bare material: `toolu_01${id}`, `call_${id}`. `inputText` is `input` as JSON, cut short when tokens ran out. */
export interface ToolCall {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly inputText: string;
}

/** One search the vendor ran itself, before the text that uses it. */
export interface Search {
  readonly type: 'search';
  readonly id: string;
  readonly query: string;
  readonly results: readonly Source[];
}

export interface Source {
  readonly url: string;
  readonly title: string;
  readonly snippet: string;
  readonly age: string;
}

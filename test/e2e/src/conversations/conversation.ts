/** A call of a tool as any dialect makes it. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** An answer with its dialect's spelling taken off. */
export interface Answer {
  readonly text: string;
  /** Readable reasoning, in whatever place the dialect has for it. */
  readonly reasoning: string;
  readonly calls: readonly Call[];
  /** Whether the dialect says that the tools are to be run now. */
  readonly wantsTools: boolean;
  /** Tokens as the dialect counts them. */
  readonly outputTokens: number;
}

export interface Setting {
  /** May be changed between turns: the history stays as it is. */
  readonly model: string;
  readonly stream: boolean;
  readonly thinking: boolean;
}

/** A conversation through an official SDK, whose history is what the SDK itself handed out. */
export interface Conversation {
  say(prompt: string, setting: Setting): Promise<Answer>;
  /** Answers every call of the last turn, in order. */
  answerCalls(results: readonly string[], setting: Setting): Promise<Answer>;
}

/** Begins a conversation with a key, with two tools that take a city. */
export type Open = (key: string) => Conversation;

export const TOOLS = ['get_weather', 'get_time'] as const;

export const CITY = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

export const OUTPUT_TOKENS = 4_096;

/** What a wire tells the brain: a request with every vendor's spelling taken off. */
export interface Conversation {
  readonly vendor: string;
  /** The model that will answer, without a fault suffix. */
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolDeclaration[];
  readonly toolChoice: ToolChoice;
  /** `single` where the caller forbade parallel tool calls. */
  readonly parallelCalls: 'allowed' | 'single';
  readonly thinking: 'on' | 'off';
  /** The JSON Schema the answer must satisfy; `{}` where any JSON object is asked for. */
  readonly outputSchema?: JsonObject;
  readonly webSearch: 'offered' | 'absent';
  /** Where the vendor may stop in the middle of its own work and wants the caller to send it back as it stands. */
  readonly longWork?: 'pausable' | 'resumed';
  readonly maxOutputTokens: number;
  readonly stopSequences: readonly string[];
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | MediaPart
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly input: JsonValue }
  | ToolResultPart;

/** An image or a document. `bytes` is the decoded size, 0 where only a reference was sent. */
export interface MediaPart {
  readonly type: 'media';
  readonly mime: string;
  readonly bytes: number;
  readonly source: string;
}

/** `name` is the tool's, where the vendor's dialect repeats it on the result or the wire could look it up. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly id: string;
  readonly name?: string;
  readonly outcome: 'ok' | 'error';
  readonly parts: readonly ({ readonly type: 'text'; readonly text: string } | MediaPart)[];
}

export interface ToolDeclaration {
  readonly name: string;
  /** What its caller says of it: the brain does not read it, but it is part of the prompt and weighs. */
  readonly description?: string;
  readonly schema: JsonObject;
}

export type ToolChoice = { readonly mode: 'auto' | 'none' | 'any' } | { readonly mode: 'tool'; readonly name: string };

import type { ToolCall } from '../brain/answer.js';
import type { Segment } from '../cache/prompt-cache.js';
import type { Call, Wire } from '../wire/wire.js';
import type { MessagesRequest } from './messages-request.js';

/** Who answers on an Anthropic-shaped wire: Anthropic itself, or one of those that look like it. */
export interface Persona {
  readonly vendor: string;
  readonly prefix: string;
  readonly authenticate: Wire['authenticate'];
  readonly renderFailure: Wire['renderFailure'];
  readonly renderStreamFailure: Wire['renderStreamFailure'];
  /** Refuses what this vendor refuses; the model's name has lost its fault suffix. */
  readonly check: (request: MessagesRequest, call: Call) => void;
  /** Refuses the body before anything is read from it. */
  readonly checkShape: (body: unknown, call: Call) => void;
  /** The model that really answers, or undefined for an unknown one. */
  readonly servedModel: (name: string) => string | undefined;
  readonly thinks: (request: MessagesRequest) => boolean;
  readonly seal: 'signed' | 'placeholder' | 'empty';
  readonly outputSchema: 'honoured' | 'ignored';
  readonly images: 'seen' | 'unsupported';
  readonly parallelSwitch: 'honoured' | 'ignored';
  readonly webSearch: 'available' | 'unavailable';
  readonly callId: (call: ToolCall, index: number) => string;
  readonly messageId: (id: string) => string;
  readonly inputUsage: (segments: readonly Segment[], call: Call, model: string) => InputUsage;
  readonly outputUsage: (usage: OutputCounts) => Readonly<Record<string, unknown>>;
  readonly headers: (call: Call) => Readonly<Record<string, string>>;
}

/** The input side of `usage`. */
export interface InputUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens?: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation?: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
}

export interface OutputCounts {
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  readonly searches: number;
}

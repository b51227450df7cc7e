import type { ToolCall } from '../brain/answer.js';
import type { Segment } from '../cache/prompt-cache.js';
import type { Call, Failure, Wire } from '../wire/wire.js';
import type { MessagesRequest } from './messages-request.js';

/** Who answers on an Anthropic-shaped wire: Anthropic itself, or one of those that look like it. */
export interface Persona {
  readonly vendor: string;
  readonly prefix: string;
  readonly authenticate: Wire['authenticate'];
  readonly renderFailure: Wire['renderFailure'];
  readonly renderStreamFailure: Wire['renderStreamFailure'];
  /** Refuses the body before anything is read from it. */
  readonly checkShape: (body: unknown, call: Call) => void;
  /** The model that really answers, or undefined for an unknown one. */
  readonly servedModel: (name: string) => string | undefined;
  readonly unknownModel: (name: string) => Failure;
  /** Refuses what this vendor refuses of a well-shaped request for a model it serves. */
  readonly check: (request: MessagesRequest, call: Call) => void;
  /** The request as this vendor takes it: what it ignores is gone, what it assumes is there. */
  readonly understood: (request: MessagesRequest) => MessagesRequest;
  /** Whether conversations are held between turns for those who ask. */
  readonly threads: 'held' | 'unknown';
  readonly seal: 'signed' | 'placeholder' | 'empty';
  readonly images: 'seen' | 'unsupported';
  /** What every tool block carries besides its own fields. */
  readonly callFrame: Readonly<Record<string, unknown>>;
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

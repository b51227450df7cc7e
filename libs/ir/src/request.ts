import type { JsonObject, JsonValue } from '@bytespike/kernel';

import type { CacheMark, MediaPart, OpaquePart, Part, ServerToolFamily, TextPart } from './part.js';
import type { Extensions, Raw } from './raw.js';

/**
 * What a caller asks of a model, in nobody's dialect. Absent means the caller did not say; defaults are never
 * filled in here. Order and boundaries are data: turns are not merged, and leading instructions stay apart from
 * instructions given later.
 */
export interface GenerateRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly system: readonly SystemSegment[];
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelTools?: boolean;
  readonly reasoning?: ReasoningRequest;
  readonly format?: OutputFormat;
  readonly verbosity?: string;
  readonly sampling?: Sampling;
  readonly limits?: Limits;
  readonly caching?: Caching;
  readonly state?: StateRequest;
  readonly tier?: Tier;
  readonly identity?: Identity;
  /** Whether a stream should report usage, where the caller's dialect leaves that to the caller. */
  readonly streamUsage?: boolean;
  readonly extensions?: Extensions;
}

/** One block of leading instructions. `slot` says whether it had a field of its own or stood among the messages. */
export interface SystemSegment {
  readonly role: 'system' | 'developer';
  readonly slot: 'field' | 'message';
  readonly form: 'string' | 'parts';
  /** Words, and whatever else a client put there: few vendors read it, and none must lose it unsaid. */
  readonly parts: readonly (TextPart | MediaPart | OpaquePart)[];
  readonly name?: string;
  readonly raw?: Raw;
}

/** What one side said, in one go. Neighbours of one role stay apart. */
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system' | 'developer' | 'tool';
  readonly form: 'string' | 'parts';
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly raw?: Raw;
}

export type ToolDefinition = FunctionTool | CustomTool | HostedTool;

/** Advice on how a tool is offered; a target without the idea offers the tool plainly. */
export type ToolHint =
  'defer-loading' | 'eager-input-streaming' | 'input-examples' | 'allowed-callers' | 'output-schema' | 'async';

interface ToolNode {
  readonly name: string;
  readonly cache?: CacheMark;
  readonly hints?: readonly ToolHint[];
  readonly raw?: Raw;
}

/** Takes a JSON object, as its schema says. */
export interface FunctionTool extends ToolNode {
  readonly kind: 'function';
  readonly description?: string;
  readonly namespace?: string;
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
}

/** Takes free text, perhaps bound by a grammar. */
export interface CustomTool extends ToolNode {
  readonly kind: 'custom';
  readonly description?: string;
  readonly namespace?: string;
  readonly grammar?: JsonObject;
}

/** Declared by type alone: run by the vendor (`server`), or by the client against a schema the vendor knows. */
export interface HostedTool extends ToolNode {
  readonly kind: 'hosted';
  readonly runBy: 'server' | 'client';
  readonly family: ServerToolFamily;
  /** How the search is bounded, of the `web-search` family alone. */
  readonly search?: WebSearch;
}

/** Domains are policy, not hints: a target that cannot hold itself to them must not search (L70). */
export interface WebSearch {
  readonly allowedDomains?: readonly string[];
  readonly blockedDomains?: readonly string[];
  readonly usesMax?: number;
  readonly contextSize?: 'low' | 'medium' | 'high';
  /** Answers from the vendor's index alone, without fetching. */
  readonly offline?: true;
  readonly location?: {
    readonly city?: string;
    readonly region?: string;
    readonly country?: string;
    readonly timezone?: string;
  };
}

/** Which tools the model may or must call. */
export type ToolChoice =
  | { readonly mode: 'auto' | 'none' | 'required' }
  | { readonly mode: 'one'; readonly name: string; readonly kind: 'function' | 'custom' | 'hosted' }
  | { readonly mode: 'allowed'; readonly names: readonly string[]; readonly required: boolean };

/** How hard a model is asked to think, from not at all to all it can. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** Whether and how hard the model is to think, and how much of it is shown. A budget is in tokens. */
export interface ReasoningRequest {
  readonly mode?: 'off' | 'auto' | 'on' | 'between-tools';
  readonly effort?: Effort;
  readonly budgetTokens?: number;
  readonly show?: 'none' | 'summary' | 'full' | 'omitted' | 'updates';
}

/** The form that the answer must have. */
export type OutputFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json-object' }
  | {
      readonly kind: 'json-schema';
      readonly schema: JsonObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** How words are drawn. Scales are the caller's own: an encoder knows what its wire takes. */
export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly logitBias?: JsonObject;
  readonly candidates?: number;
  readonly logprobs?: { readonly top?: number };
  readonly stop?: readonly string[];
}

/** The most that an answer may take. */
export interface Limits {
  readonly maxOutputTokens?: number;
  readonly maxToolCalls?: number;
}

/** How the caller wants its prompt cached, beside the marks on single nodes. */
export interface Caching {
  /** Marks the last cacheable block by itself. */
  readonly auto?: CacheMark;
  /** Routing hint that keeps like prompts together. */
  readonly key?: string;
}

/** State kept between requests by whoever serves them. */
export interface StateRequest {
  readonly previousResponseId?: string;
  readonly conversation?: JsonValue;
  readonly store?: boolean;
  readonly background?: boolean;
}

/** Who is served first: a tier that is paid for, or the speed of a single answer. */
export interface Tier {
  readonly want?: 'auto' | 'standard' | 'flex' | 'priority' | 'scale' | 'fast' | 'ultrafast';
  readonly speed?: 'standard' | 'fast';
}

/** Who stands behind the request, in the caller's words. */
export interface Identity {
  /** The end user as a stable, opaque name for abuse handling. */
  readonly endUser?: string;
  /** The client's own name of that field, on wires that have two. */
  readonly endUserField?: string;
  readonly metadata?: JsonObject;
}

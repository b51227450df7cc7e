import type { ErrorKind, Usage } from '@bytespike/kernel';

import type { Capsule } from './capsule.js';
import type { Finish } from './finish.js';
import type { Citation, ReasoningPart, ResponsePart, TextPart, ToolCallPart } from './part.js';

/** A part that grows by deltas, as much of it as is known when it begins. */
export type GrowingPart =
  | Pick<TextPart, 'type' | 'phase'>
  | { readonly type: 'refusal' }
  | Pick<ReasoningPart, 'type' | 'visibility' | 'itemId'>
  | Pick<ToolCallPart, 'type' | 'id' | 'name' | 'kind' | 'namespace'>;

/** A part that comes in one piece. */
export type WholePart = Extract<
  ResponsePart,
  { readonly type: 'media' | 'server-tool-call' | 'server-tool-result' | 'opaque' }
>;

/**
 * One item of a stream in nobody's dialect. Parts carry an index in order of their beginning and may overlap:
 * a protocol that forbids overlap holds later ones back. `usage` is cumulative and replaces what came before.
 */
export type StreamEvent =
  | {
      readonly type: 'response-start';
      readonly id?: string;
      readonly model?: string;
      readonly createdAt?: number;
      readonly tier?: string;
    }
  | { readonly type: 'part-start'; readonly index: number; readonly part: GrowingPart }
  | { readonly type: 'part-whole'; readonly index: number; readonly part: WholePart }
  | { readonly type: 'text-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly index: number; readonly segment: number; readonly text: string }
  | { readonly type: 'arguments-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'citation'; readonly index: number; readonly citation: Citation }
  | { readonly type: 'capsule'; readonly index: number; readonly capsule: Capsule }
  | { readonly type: 'part-end'; readonly index: number }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'tier'; readonly tier: string }
  | { readonly type: 'ping' }
  | { readonly type: 'finish'; readonly finish: Finish }
  | { readonly type: 'error'; readonly kind: ErrorKind; readonly message: string }
  | { readonly type: 'response-end' };

import { isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';
import type { Citation, ServerToolCallPart, ServerToolResultPart } from '@bytespike/ir';

import { given } from '../given.js';

/** One part of a message as it grows. Citations without a range are held until the text they span is whole. */
export interface SaidPart {
  readonly type: 'output_text' | 'refusal';
  readonly text: string;
  readonly annotations: readonly JsonObject[];
  readonly held: readonly Citation[];
}

interface Begun {
  readonly id: string;
  readonly isDone: boolean;
}

export interface MessageItem extends Begun {
  readonly kind: 'message';
  readonly phase: string | undefined;
  readonly content: readonly SaidPart[];
}

export interface ReasoningItem extends Begun {
  readonly kind: 'reasoning';
  /** Where its text stands: as what it is, or as a summary, which is all that some clients show. */
  readonly slot: 'content' | 'summary';
  readonly segments: readonly string[];
  /** The hub's number of the segment being written. */
  readonly segment: number;
  readonly state: string | undefined;
}

export interface CallItem extends Begun {
  readonly kind: 'call';
  readonly form: 'function' | 'custom';
  readonly callId: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly text: string;
}

/** A search whose result is still to come. */
export interface SearchItem extends Begun {
  readonly kind: 'search';
  readonly call: ServerToolCallPart;
  readonly result: ServerToolResultPart | undefined;
}

/** An item that came in one piece. */
export interface WholeItem extends Begun {
  readonly kind: 'whole';
  readonly value: JsonObject;
}

export type OutputItem = MessageItem | ReasoningItem | CallItem | SearchItem | WholeItem;

/** An item as the wire has it: announced, or as far as it has come. */
export function wireItem(item: OutputItem, at: 'added' | 'done'): JsonObject {
  switch (item.kind) {
    case 'message':
      return {
        id: item.id,
        type: 'message',
        status: at === 'added' ? 'in_progress' : 'completed',
        role: 'assistant',
        content: at === 'added' ? [] : item.content.map(wirePart),
        ...given({ phase: item.phase }),
      };
    case 'reasoning':
      return {
        id: item.id,
        type: 'reasoning',
        summary: at === 'added' || item.slot === 'content' ? [] : item.segments.map(summaryPart),
        ...(item.slot === 'content' && { content: at === 'added' ? [] : item.segments.map(thoughtPart) }),
        ...(at === 'done' && given({ encrypted_content: item.state })),
      };
    case 'call':
      return callJson(item, at);
    case 'search':
      return searchJson(item, at);
    case 'whole':
      return at === 'added' && 'status' in item.value ? { ...item.value, status: 'in_progress' } : item.value;
  }
}

export const summaryPart = (text: string): JsonObject => ({ type: 'summary_text', text });
export const thoughtPart = (text: string): JsonObject => ({ type: 'reasoning_text', text });

export const wirePart = ({ type, text, annotations }: Pick<SaidPart, 'type' | 'text' | 'annotations'>): JsonObject =>
  type === 'refusal' ? { type, refusal: text } : { type, text, annotations, logprobs: [] };

function callJson(item: CallItem, at: 'added' | 'done'): JsonObject {
  const { id, callId: call_id, name, namespace } = item;
  const text = at === 'added' ? '' : item.text;
  const status = at === 'added' ? 'in_progress' : isCut(item) ? 'incomplete' : 'completed';
  const head = { call_id, name, ...given({ namespace }) };
  return item.form === 'custom'
    ? { id, type: 'custom_tool_call', status, ...head, input: text }
    : { id, type: 'function_call', status, ...head, arguments: text };
}

/** Half of a call must not look like one that can be carried out. */
const isCut = ({ form, text }: CallItem): boolean => form === 'function' && !isJsonObject(tryParseJson(text));

function searchJson({ id, call, result }: SearchItem, at: 'added' | 'done'): JsonObject {
  if (at === 'added') return { id, type: 'web_search_call', status: 'in_progress', action: { type: 'search' } };
  const own = call.raw?.protocol === 'openai-responses' ? call.raw.value : undefined;
  if (own) return own;
  const { query } = call.input;
  const asked = typeof query === 'string' ? { query, queries: [query] } : {};
  const sources = (result?.sources ?? []).map(({ url }) => ({ type: 'url', url }));
  const status = result?.error === undefined ? 'completed' : 'failed';
  return { id, type: 'web_search_call', status, action: { type: 'search', ...asked, sources } };
}

/** A citation as this wire has it; one without a range belongs to the whole text. Offsets count code points. */
export function annotationOf({ url, title, start, end, raw }: Citation, text: string): JsonObject | undefined {
  if (raw?.protocol === 'openai-responses') return raw.value;
  if (url === undefined) return undefined;
  const end_index = end ?? [...text].length;
  return { type: 'url_citation', start_index: start ?? 0, end_index, url, title: title ?? url };
}

/** Whether a citation says where in the text it belongs. */
export const isRanged = ({ start, end, raw }: Citation): boolean =>
  raw?.protocol === 'openai-responses' || (start !== undefined && end !== undefined);

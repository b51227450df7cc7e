import { beginCall, growCall, isCall } from './decode-call.js';
import { endItem } from './decode-item.js';
import { beginSaying, cite, endSaid, growSaid } from './decode-message.js';
import { think } from './decode-reasoning.js';
import { restOf, type OpenItem, type Told } from './open-item.js';
import { citationToIr } from './parts-to-ir.js';
import type { WireEvent, WireOutputItem } from './schema-events.js';

export type Change = (item: OpenItem, next: number) => Told;

/** What an event changes: an item of this type, which begins with it if nothing has been told of it (T03). */
export interface ItemChange {
  readonly type: string;
  readonly item?: WireOutputItem;
  readonly change: Change;
}

export type ItemEvent = Extract<WireEvent, { readonly output_index: number }>;
type Event<T extends ItemEvent['type']> = Extract<ItemEvent, { readonly type: T }>;

const unchanged: Change = (item, next) => ({ item, next, events: [] });

/** Several changes of one item, one after the other. */
const inTurn =
  (...changes: readonly Change[]): Change =>
  (item, next) =>
    changes.reduce<Told>(
      (told, change) => {
        const more = change(told.item, told.next);
        return { ...more, events: [...told.events, ...more.events] };
      },
      { item, next, events: [] },
    );

/** What an event does to its item; nothing for one that tells nothing. */
export function changeOf(event: ItemEvent): ItemChange | undefined {
  switch (event.type) {
    case 'response.output_item.added': {
      const { item } = event;
      return { type: item.type, item, change: isCall(item) ? beginCall : unchanged };
    }
    case 'response.output_item.done': {
      const { item } = event;
      return { type: item.type, item, change: (known, next) => endItem(known, next, item) };
    }
    case 'response.reasoning_summary_text.delta':
      return thinks({ slot: 'summary', segment: event.summary_index ?? 0, text: event.delta });
    case 'response.reasoning_summary_text.done':
      return hasThought('summary', event.summary_index ?? 0, event.text);
    case 'response.reasoning_text.delta':
      return thinks({ slot: 'content', segment: event.content_index ?? 0, text: event.delta });
    case 'response.reasoning_text.done':
      return hasThought('content', event.content_index ?? 0, event.text);
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return { type: callType(event.type), change: (item, next) => growCall(item, next, event.delta) };
    case 'response.function_call_arguments.done':
      return hasWritten('function_call', event.arguments);
    case 'response.custom_tool_call_input.done':
      return hasWritten('custom_tool_call', event.input);
    default:
      return messageChange(event);
  }
}

const callType = (type: string): string => (type.startsWith('response.custom') ? 'custom_tool_call' : 'function_call');

const hasWritten = (type: string, whole: string | null | undefined): ItemChange => ({
  type,
  change: (item, next) => growCall(item, next, restOf(whole, item.text)),
});

const thinks = (thought: Parameters<typeof think>[2]): ItemChange => ({
  type: 'reasoning',
  change: (item, next) => think(item, next, thought),
});

const hasThought = (slot: 'summary' | 'content', segment: number, whole: string | null | undefined): ItemChange => ({
  type: 'reasoning',
  change: (item, next) => {
    const text = restOf(whole, item.segments[segment] ?? '');
    return text === '' ? unchanged(item, next) : think(item, next, { slot, segment, text });
  },
});

type MessageEvent = Event<
  | `response.content_part.${'added' | 'done'}`
  | `response.output_text.${'delta' | 'done' | 'annotation.added'}`
  | `response.refusal.${'delta' | 'done'}`
>;

function messageChange(event: MessageEvent): ItemChange | undefined {
  const content = event.content_index ?? 0;
  switch (event.type) {
    case 'response.content_part.added': {
      const type = saidType(event.part);
      return type && inMessage((item, next) => beginSaying(item, next, content, type));
    }
    case 'response.content_part.done':
      return saidType(event.part) && inMessage((item, next) => endSaid(item, next, content, event.part));
    case 'response.output_text.delta':
      return says(content, 'text', () => event.delta);
    case 'response.output_text.done':
      return says(content, 'text', (told) => restOf(event.text, told));
    case 'response.refusal.delta':
      return says(content, 'refusal', () => event.delta);
    case 'response.refusal.done':
      return says(content, 'refusal', (told) => restOf(event.refusal, told));
    case 'response.output_text.annotation.added': {
      const { annotation } = event;
      return annotation ? inMessage((item, next) => cite(item, next, content, citationToIr(annotation))) : undefined;
    }
  }
}

const inMessage = (change: Change): ItemChange => ({ type: 'message', change });

/** Adds what has not been told yet to a part of a message, which begins here if it has not. */
const says = (content: number, type: 'text' | 'refusal', adds: (told: string) => string): ItemChange =>
  inMessage(
    inTurn(
      (item, next) => beginSaying(item, next, content, type),
      (item, next) => growSaid(item, next, content, adds(item.said[content]?.text ?? '')),
    ),
  );

const saidType = ({ type, refusal }: Event<'response.content_part.added'>['part']): 'text' | 'refusal' | undefined =>
  type === 'refusal' || typeof refusal === 'string' ? 'refusal' : type === 'output_text' ? 'text' : undefined;

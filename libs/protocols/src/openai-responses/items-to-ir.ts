import { GatewayError, isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';
import type { Part, SystemSegment, TextPart, ToolResultContent, Turn } from '@bytespike/ir';

import { onceFor } from '../once-for.js';
import { outputItemToIr } from './output-to-ir.js';
import { contentToIr } from './parts-to-ir.js';
import { isKnownItem, type WireItem, type WireKnownItem } from './schema-items.js';

const protocol = 'openai-responses' as const;

/** A conversation as it was read: what leads, and the turns after it. */
export interface ReadInput {
  readonly system: readonly SystemSegment[];
  readonly turns: readonly Turn[];
}

type Kind = 'system' | 'user' | 'assistant' | 'result';
type Numbered = readonly [item: WireItem, at: number];
type Item<T extends WireKnownItem['type']> = Extract<WireKnownItem, { type: T }>;

/**
 * The items of a request. What the model produced in a row is one turn, since that is what every other wire calls one;
 * every other item is a turn of its own. A turn keeps its items and the place of the first, so that a loss names
 * `input.N` exactly and the same wire is given them back untouched.
 */
export function inputToIr(input: string | readonly WireItem[]): ReadInput {
  if (typeof input === 'string') {
    const raw = { protocol, value: { text: input } };
    return { system: [], turns: [{ role: 'user', form: 'string', parts: [{ type: 'text', text: input }], raw }] };
  }
  const items = input.flatMap((item, at): Numbered[] => (item.type === 'additional_tools' ? [] : [[item, at]]));
  const first = items.findIndex(([item]) => !leads(item));
  const leading = items.slice(0, first < 0 ? items.length : first);
  return { system: leading.map(segmentToIr), turns: turnsToIr(items.slice(leading.length)) };
}

/** Whether an item is a leading instruction: a system's or developer's message of nothing but text. */
const leads = (item: WireItem): boolean =>
  kindOf(item) === 'system' && partsOf(item, 0).every(({ type }) => type === 'text');

function segmentToIr([item, at]: Numbered): SystemSegment {
  const { role, content } = messageOf(item);
  return {
    role: role === 'developer' ? 'developer' : 'system',
    slot: 'message',
    form: typeof content === 'string' ? 'string' : 'parts',
    parts: contentToIr(content).filter((part): part is TextPart => part.type === 'text'),
    ...rawItems([item], at),
  };
}

function turnsToIr(items: readonly Numbered[]): readonly Turn[] {
  const turns: Turn[] = [];
  let produced: Numbered[] = [];
  const close = (): void => {
    if (produced.length > 0) turns.push(producedTurn(produced));
    produced = [];
  };
  for (const [item, at] of items) {
    const kind = kindOf(item);
    // Tools that come in between end a turn: its items must stand side by side.
    if (kind !== 'assistant' || produced.at(-1)?.[1] !== at - 1) close();
    if (kind === 'assistant') produced.push([item, at]);
    else turns.push(ownTurn(item, at, kind));
  }
  close();
  return turns;
}

function producedTurn(items: readonly Numbered[]): Turn {
  const [only] = items.length === 1 ? items.flatMap(([item]) => (isMessage(item) ? [item] : [])) : [];
  return {
    role: 'assistant',
    form: typeof only?.content === 'string' ? 'string' : 'parts',
    parts: items.flatMap(([item, at]) => partsOf(item, at)),
    ...rawItems(
      items.map(([item]) => item),
      items[0]?.[1] ?? 0,
    ),
  };
}

function ownTurn(item: WireItem, at: number, kind: Exclude<Kind, 'assistant'>): Turn {
  const content = isMessage(item) ? item.content : undefined;
  const role = kind === 'result' ? 'tool' : isMessage(item) ? item.role : 'user';
  const form = typeof content === 'string' ? 'string' : 'parts';
  return { role, form, parts: partsOf(item, at), ...rawItems([item], at) };
}

const rawItems = (items: readonly WireItem[], at: number) => ({
  raw: { protocol, value: { at, items: items as readonly unknown[] as JsonObject[] } },
});

type Message = Pick<Item<'message'>, 'role' | 'content' | 'phase'>;

const isMessage = (item: WireItem): item is WireItem & Message =>
  item.type === 'message' || (!item.type && 'role' in item && 'content' in item);

const messageOf = (item: WireItem): Message => (isMessage(item) ? item : { role: 'user', content: [] });

/** Whose an item is. Of kinds nobody has met, the name says who made it. */
function kindOf(item: WireItem): Kind {
  if (isMessage(item)) return item.role === 'developer' ? 'system' : item.role;
  const type = item.type ?? '';
  if (type.endsWith('_output')) return 'result';
  return /^(reasoning|compaction|program|mcp_list_tools|mcp_approval_request)$|_call$/.test(type)
    ? 'assistant'
    : 'user';
}

/** How many parts of a turn an item became. */
export function partCount({ type, content }: JsonObject): number {
  if (type === 'web_search_call') return 2;
  return type !== 'reasoning' && Array.isArray(content) ? content.length : 1;
}

/** What an item amounts to in the hub: several parts for a message, one or two for any other. */
function partsOf(item: WireItem, at: number): readonly Part[] {
  if (isMessage(item)) return contentToIr(item.content).map((part) => withPhase(part, item.phase));
  if (!item.type || item.type === 'item_reference')
    throw new GatewayError('invalid-request', `input.${at}.id: no stored item of this key has this id.`, {
      details: { param: `input.${at}.id` },
    });
  if (!isKnownItem(item)) return [{ type: 'opaque', protocol, data: item as JsonObject }];
  switch (item.type) {
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [resultToIr(item)];
    case 'message':
    case 'additional_tools':
      return [];
    case 'reasoning':
    case 'function_call':
    case 'custom_tool_call':
    case 'web_search_call':
      return outputItemToIr(item);
  }
}

const withPhase = (part: Part, phase: string | null | undefined): Part =>
  part.type === 'text' && phase ? { ...part, phase } : part;

function resultToIr(item: Item<'function_call_output' | 'custom_tool_call_output'>): Part {
  const content = contentToIr(item.output).map((part): ToolResultContent =>
    part.type === 'refusal' ? { type: 'text', text: part.text } : part,
  );
  return {
    type: 'tool-result',
    callId: item.call_id,
    form: typeof item.output === 'string' ? 'string' : 'parts',
    content,
    raw: { protocol, value: item as JsonObject },
  };
}

/** The items a node was made of, and where the first stood; nothing for what another wire wrote. */
export function itemsOf(raw: Turn['raw']): { readonly at: number; readonly items: readonly JsonObject[] } | undefined {
  if (raw?.protocol !== protocol) return undefined;
  const { at, items } = raw.value;
  return typeof at === 'number' && Array.isArray(items) ? { at, items: objectsOf(items) } : undefined;
}

const objectsOf = onceFor((items: readonly unknown[]) => (items as readonly JsonValue[]).filter(isJsonObject));

/** The text that was a whole input, if a node is that. */
export const inputText = (raw: Turn['raw']): string | undefined =>
  raw?.protocol === protocol && typeof raw.value['text'] === 'string' ? raw.value['text'] : undefined;

import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, Part, SystemSegment, ToolCallPart, Turn } from '@bytespike/ir';

import { given } from '../given.js';
import { instructionWords } from '../instruction-words.js';
import { itemsOf, partCount } from './items-to-ir.js';
import { contentFromIr, loseMark, markOf, outputFromIr, own, type Writing } from './parts-from-ir.js';
import type { PlacedItem } from './placed-item.js';
import { arrangeReasoning, dropLooseReasoning, reasoningItem } from './reasoning-items.js';
import type { WireItem, WireKnownPart } from './schema-items.js';

export interface WrittenInput {
  readonly instructions?: string;
  readonly items: readonly PlacedItem[];
}

export function inputFromIr({ system, turns }: GenerateRequest, writing: Writing): WrittenInput {
  const lead = systemFromIr(system, writing);
  const items = turns.flatMap((turn, index) => turnFromIr(turn, `turns.${index}`, writing));
  const kept = writing.to.ownNodes === 'replay' ? dropLooseReasoning(items, writing) : items;
  return { ...lead, items: [...lead.items, ...kept] };
}

/** Items this wire wrote itself, where the vendor takes them back as they were. */
function ownItems(node: Pick<Turn, 'raw'>, path: string, { to }: Writing): readonly PlacedItem[] | undefined {
  const found = to.ownNodes === 'replay' ? itemsOf(node.raw) : undefined;
  let part = 0;
  return found?.items.map((item, offset) => {
    const placed = { item: item as WireItem, path: `${path}.parts.${part}`, at: found.at + offset };
    part += partCount(item);
    return placed;
  });
}

/** Instructions with a field of their own stay there, unless a cache mark needs a part to stand on (protocols 2.3). */
function systemFromIr(system: readonly SystemSegment[], writing: Writing): WrittenInput {
  const { to, losses } = writing;
  const said = system.map((segment, index) => ({ segment, path: `system.${index}` }));
  const field = said.filter(({ segment }) => segment.slot === 'field');
  const items = said.flatMap(({ segment, path }): readonly PlacedItem[] => {
    if (segment.slot === 'field') return [];
    const replayed = ownItems(segment, path, writing);
    if (!replayed && segment.name !== undefined) losses.drop('L05', `${path}.name`);
    return replayed ?? [{ item: segmentItem(segment, path, writing), path }];
  });
  const texts = field.flatMap(({ segment, path }) =>
    instructionWords(segment, path, losses).flatMap((part) => {
      if (part.attribution) losses.drop('L86', path);
      return part.attribution || part.text === '' ? [] : [{ part, path }];
    }),
  );
  if (texts.some(({ part }) => part.cache)) {
    const content = texts.map(({ part }): WireKnownPart => ({ type: 'input_text', text: part.text, ...markOf(part) }));
    return { items: [{ item: { type: 'message', role: to.systemRole, content }, path: 'system.0' }, ...items] };
  }
  return { ...(texts.length > 0 && { instructions: texts.map(({ part }) => part.text).join('\n\n') }), items };
}

function segmentItem({ form, parts }: SystemSegment, path: string, writing: Writing): WireItem {
  const content = parts.flatMap((part, at) => contentFromIr(part, `${path}.parts.${at}`, writing));
  return { type: 'message', role: writing.to.systemRole, content: simplest(content, form, writing) };
}

/** One text is a string where it was one; several are joined for those that read strings only. */
function simplest(content: WireKnownPart[], form: Turn['form'], { to }: Writing): string | WireKnownPart[] {
  const texts = content.flatMap((part) => (part.type === 'input_text' ? [part] : []));
  const bare = texts.length === content.length && texts.every((part) => !part.prompt_cache_breakpoint);
  const single = bare && texts.length === 1 && form === 'string';
  return single || (bare && to.textParts === 'join') ? texts.map(({ text }) => text).join('\n\n') : content;
}

function turnFromIr(turn: Turn, path: string, writing: Writing): readonly PlacedItem[] {
  const replayed = ownItems(turn, path, writing);
  if (replayed) return replayed;
  if (turn.name !== undefined) writing.losses.drop('L05', `${path}.name`);
  return turn.role === 'assistant' ? producedItems(turn, path, writing) : saidItems(turn, path, writing);
}

/** A turn of anybody but the model: results are items of their own, the rest is one message. */
function saidItems(turn: Turn, path: string, writing: Writing): readonly PlacedItem[] {
  const items: PlacedItem[] = [];
  let content: WireKnownPart[] = [];
  const role = turn.role === 'user' || turn.role === 'tool' ? 'user' : writing.to.systemRole;
  const close = (): void => {
    if (content.length > 0)
      items.push({ item: { type: 'message', role, content: simplest(content, turn.form, writing) }, path });
    content = [];
  };
  turn.parts.forEach((part, at) => {
    const place = `${path}.parts.${at}`;
    const whole = part.type === 'tool-result' ? resultItem(part, place, writing) : ownItem(part, writing);
    if (!whole) return void content.push(...contentFromIr(part, place, writing));
    close();
    items.push({ item: whole, path: place });
  });
  close();
  return items;
}

/** An item nobody models, for those who know it. */
function ownItem(part: Part, { to }: Writing): WireItem | undefined {
  const isOwn = part.type === 'opaque' && part.protocol === 'openai-responses' && to.ownNodes === 'replay';
  return isOwn && !String(part.data['type']).startsWith('input_') ? (part.data as WireItem) : undefined;
}

function resultItem(part: Extract<Part, { type: 'tool-result' }>, path: string, writing: Writing): WireItem {
  const raw = own(part, writing);
  if (raw) return raw as WireItem;
  const output = outputFromIr(part, path, writing);
  const call_id = part.callId;
  return writing.freeCalls.has(call_id)
    ? { type: 'custom_tool_call_output', call_id, output }
    : { type: 'function_call_output', call_id, output };
}

/** What the model produced, in its order: messages, reasoning and calls. */
function producedItems(turn: Turn, path: string, writing: Writing): readonly PlacedItem[] {
  const items: PlacedItem[] = [];
  let content: WireKnownPart[] = [];
  let phase: string | undefined;
  const close = (): void => {
    if (content.length > 0)
      items.push({
        item: { type: 'message', role: 'assistant', content: assistantContent(content, writing), ...given({ phase }) },
        path,
      });
    content = [];
  };
  turn.parts.forEach((part, at) => {
    const place = `${path}.parts.${at}`;
    loseMark(part, place, writing);
    if (part.type === 'text' || part.type === 'refusal') {
      const said = part.type === 'text' && writing.to.ownFields === 'send' ? part.phase : undefined;
      if (said !== phase) close();
      phase = said;
      if (part.text !== '') content.push(saidPart(part, writing));
      return;
    }
    const item = producedItem(part, place, { turn, at, writing });
    if (!item) return;
    close();
    items.push({ item, path: place });
  });
  close();
  return arrangeReasoning(items, writing);
}

function saidPart(part: Extract<Part, { type: 'text' | 'refusal' }>, writing: Writing): WireKnownPart {
  const raw = own(part, writing);
  if (raw?.['type'] === 'output_text' || raw?.['type'] === 'refusal') return raw as WireKnownPart;
  if (part.type === 'refusal' && writing.to.ownNodes === 'replay') return { type: 'refusal', refusal: part.text };
  return { type: 'output_text', text: part.text, annotations: [] };
}

const assistantContent = (content: WireKnownPart[], { to }: Writing): string | WireKnownPart[] =>
  to.textParts === 'send'
    ? content
    : content.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])).join('\n\n');

interface Producing {
  readonly turn: Turn;
  readonly at: number;
  readonly writing: Writing;
}

function producedItem(part: Part, path: string, { turn, at, writing }: Producing): WireItem | undefined {
  const { losses } = writing;
  if (part.type === 'reasoning') {
    const item = reasoningItem(part, writing);
    if (!item) losses.drop('L40', path);
    return item;
  }
  if (part.type === 'tool-call') return callItem(part);
  const raw = part.type === 'opaque' ? ownItem(part, writing) : own(part, writing);
  if (raw) return raw as WireItem;
  // The result of a search is told by the item of its call.
  const before = turn.parts[at - 1];
  const told = part.type === 'server-tool-result' && before?.type === 'server-tool-call' && own(before, writing);
  if (!told) losses.drop(part.type === 'media' ? 'L14' : 'L71', path);
  return undefined;
}

function callItem({ id: call_id, name, namespace, kind, argumentsText }: ToolCallPart): WireItem {
  const named = { call_id, name, ...given({ namespace }) };
  return kind === 'custom'
    ? { type: 'custom_tool_call', ...named, input: argumentsText }
    : { type: 'function_call', ...named, arguments: argumentsText || '{}' };
}

/** The items in their order, with those that bring tools put back where they stood. */
export function withHolders(
  items: readonly PlacedItem[],
  holders: readonly { readonly at: number; readonly item: JsonObject }[],
): readonly WireItem[] {
  const placed = [...items];
  for (const { at, item } of holders) {
    const behind = placed.findIndex((other) => other.at !== undefined && other.at > at);
    const known = placed.some((other) => other.at !== undefined);
    placed.splice(behind >= 0 ? behind : known ? placed.length : 0, 0, { item: item as WireItem, path: '', at });
  }
  return placed.map(({ item }) => item);
}

import type { Capsule, ReasoningPart } from '@bytespike/ir';

import { given } from '../given.js';
import type { Writing } from './parts-from-ir.js';
import type { PlacedItem } from './placed-item.js';
import type { WireItem } from './schema-items.js';

type ReasoningItem = Extract<WireItem, { type: 'reasoning' }>;

const summaryText = (text: string) => ({ type: 'summary_text', text });
const reasoningText = (text: string) => ({ type: 'reasoning_text', text });

/** Earlier reasoning for the vendor it came from, in the form that vendor takes back; nothing for any other. */
export function reasoningItem(part: ReasoningPart, { vendor, to }: Writing): WireItem | undefined {
  const native = (part.capsules ?? []).filter(
    ({ origin }) => origin.protocol === 'openai-responses' && (origin.vendor === undefined || origin.vendor === vendor),
  );
  const of = (kind: Capsule['kind']): Capsule | undefined => native.find((capsule) => capsule.kind === kind);
  if (to.reasoningState === 'encrypted') {
    const capsule = of('encrypted-content');
    if (!capsule) return undefined;
    const { data, itemId: id } = capsule;
    const summary = part.visibility === 'summary' ? part.segments.map(summaryText) : [];
    return { type: 'reasoning', ...given({ id }), summary, encrypted_content: data };
  }
  if (to.reasoningState === 'none' || !of('plain-reasoning')) return undefined;
  return to.reasoningState === 'content' ? thought(part.segments.join('\n\n')) : told(part.segments);
}

const thought = (text: string): WireItem => ({ type: 'reasoning', summary: [], content: [reasoningText(text)] });
const told = (segments: readonly string[]): WireItem => ({ type: 'reasoning', summary: segments.map(summaryText) });

const isReasoning = (item: WireItem): item is ReasoningItem => item.type === 'reasoning';
const isCall = ({ item }: PlacedItem): boolean => item.type === 'function_call';

/**
 * One turn for a vendor who wants reasoning before every call and no text between two (protocols 4.1, T38): what was
 * said comes first, and a call without reasoning of its own repeats what was thought before it.
 */
export function arrangeReasoning(items: readonly PlacedItem[], { to, thinking }: Writing): readonly PlacedItem[] {
  if (to.reasoningBeforeCalls !== 'required' || thinking === 'off' || !items.some(isCall)) return items;
  let latest: WireItem = thought('');
  const said: PlacedItem[] = [];
  const called: PlacedItem[] = [];
  for (const placed of items) {
    if (isReasoning(placed.item)) latest = placed.item;
    else if (isCall(placed)) called.push({ item: latest, path: placed.path }, placed);
    else said.push(placed);
  }
  return [...said, ...called];
}

/**
 * The items without reasoning that its vendor would refuse: whose own message or call no longer follows it (T37), or
 * without its cipher, for nothing of an earlier answer is stored there.
 */
export function dropLooseReasoning(
  items: readonly PlacedItem[],
  { to, losses }: Pick<Writing, 'to' | 'losses'>,
): readonly PlacedItem[] {
  const isUsable = (item: ReasoningItem): boolean => to.reasoningState === 'encrypted' && !!item.encrypted_content;
  const kept: PlacedItem[] = [];
  for (const placed of items.toReversed()) {
    const next = kept.at(-1)?.item;
    if (isReasoning(placed.item) && !(next && isProduced(next) && isUsable(placed.item)))
      losses.drop('L40', placed.path);
    else kept.push(placed);
  }
  return kept.toReversed();
}

const isProduced = (item: WireItem): boolean =>
  item.type === 'reasoning' ||
  item.type === 'program' ||
  (item.type ?? '').endsWith('_call') ||
  ('role' in item && item.role === 'assistant');

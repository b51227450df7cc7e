import type { JsonObject } from '@bytespike/kernel';

import {
  annotationOf,
  summaryPart,
  thoughtPart,
  wireItem,
  wirePart,
  type MessageItem,
  type OutputItem,
  type ReasoningItem,
  type SaidPart,
} from './output-items.js';

/** What has been put out, and which item, and which part of it, each part of the hub became. */
export interface Output {
  readonly items: readonly OutputItem[];
  readonly parts: Readonly<Record<number, { readonly item: number; readonly content: number }>>;
}

export type Written = readonly [Output, readonly (JsonObject & { readonly type: string })[]];

export const replaceItem = (output: Output, at: number, item: OutputItem): Output => ({
  ...output,
  items: output.items.with(at, item),
});

/** Puts a new item last and announces it; what came before is over. */
export function addItem(output: Output, item: OutputItem): Written {
  const [before, events] = closeItems(output);
  const output_index = before.items.length;
  return [
    { ...before, items: [...before.items, item] },
    [...events, { type: 'response.output_item.added', output_index, item: wireItem(item, 'added') }],
  ];
}

/** Ends an item: it is told once more, whole. */
export function finishItem(output: Output, at: number): Written {
  const item = output.items[at];
  if (!item || item.isDone) return [output, []];
  const done = { ...item, isDone: true };
  return [
    replaceItem(output, at, done),
    [{ type: 'response.output_item.done', output_index: at, item: wireItem(done, 'done') }],
  ];
}

/** Ends the last item if it has not ended: a message may go on, and the result of a search may never come. */
export const closeItems = (output: Output): Written => finishItem(output, output.items.length - 1);

const partEvent = (type: string, item: MessageItem, at: number, content: number) => ({
  type,
  item_id: item.id,
  output_index: at,
  content_index: content,
});

/** Begins to say something, in the message that is being written if it is the last item and of the same phase. */
export function startSaying(
  output: Output,
  { base, type, phase }: { readonly base: string; readonly type: SaidPart['type']; readonly phase: string | undefined },
): readonly [...Written, { readonly item: number; readonly content: number }] {
  const last = output.items.at(-1);
  const joins = last?.kind === 'message' && !last.isDone && last.phase === phase;
  const at = joins ? output.items.length - 1 : output.items.length;
  const fresh: MessageItem = { kind: 'message', id: `msg_${base}_${at}`, isDone: false, phase, content: [] };
  const [opened, events] = joins ? [output, []] : addItem(output, fresh);
  const message = joins ? last : fresh;
  const part: SaidPart = { type, text: '', annotations: [], held: [] };
  const content = message.content.length;
  return [
    replaceItem(opened, at, { ...message, content: [...message.content, part] }),
    [...events, { ...partEvent('response.content_part.added', message, at, content), part: wirePart(part) }],
    { item: at, content },
  ];
}

/** Changes one part of a message. */
const withPart = (output: Output, at: number, item: MessageItem, content: number, part: SaidPart): Output =>
  replaceItem(output, at, { ...item, content: item.content.with(content, part) });

export function sayText(output: Output, at: number, item: MessageItem, content: number, text: string): Written {
  const part = item.content[content];
  if (!part || text === '') return [output, []];
  const type = part.type === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta';
  const logprobs = part.type === 'refusal' ? {} : { logprobs: [] };
  return [
    withPart(output, at, item, content, { ...part, text: part.text + text }),
    [{ ...partEvent(type, item, at, content), delta: text, ...logprobs }],
  ];
}

export function annotate(
  output: Output,
  at: number,
  item: MessageItem,
  content: number,
  annotation: JsonObject,
): Written {
  const part = item.content[content];
  if (!part) return [output, []];
  const annotation_index = part.annotations.length;
  return [
    withPart(output, at, item, content, { ...part, annotations: [...part.annotations, annotation] }),
    [{ ...partEvent('response.output_text.annotation.added', item, at, content), annotation_index, annotation }],
  ];
}

/** Keeps a citation until the text it spans is whole. */
export function holdCitation(
  output: Output,
  at: number,
  item: MessageItem,
  content: number,
  citation: SaidPart['held'][number],
): Output {
  const part = item.content[content];
  return part ? withPart(output, at, item, content, { ...part, held: [...part.held, citation] }) : output;
}

/** Ends a part of a message: its held citations, its text and the part itself, told whole. */
export function finishPart(output: Output, at: number, item: MessageItem, content: number): Written {
  let current = output;
  let message = item;
  const events: Written[1][number][] = [];
  for (const citation of item.content[content]?.held ?? []) {
    const annotation = annotationOf(citation, item.content[content]?.text ?? '');
    if (!annotation) continue;
    const [next, more] = annotate(current, at, message, content, annotation);
    current = next;
    events.push(...more);
    const grown = next.items[at];
    if (grown?.kind === 'message') message = grown;
  }
  const part = message.content[content];
  if (!part) return [current, events];
  const refused = part.type === 'refusal';
  const told = refused ? { refusal: part.text } : { text: part.text, logprobs: [] };
  const type = refused ? 'response.refusal.done' : 'response.output_text.done';
  events.push(
    { ...partEvent(type, message, at, content), ...told },
    { ...partEvent('response.content_part.done', message, at, content), part: wirePart(part) },
  );
  return [current, events];
}

/** A message of one refusal, said all at once. */
export function say(output: Output, base: string, text: string): Written {
  const [opened, begin, { item: at, content }] = startSaying(output, { base, type: 'refusal', phase: undefined });
  const message = opened.items[at];
  if (message?.kind !== 'message') return [opened, begin];
  const [said, delta] = sayText(opened, at, message, content, text);
  const grown = said.items[at];
  if (grown?.kind !== 'message') return [said, begin];
  const [done, end] = finishPart(said, at, grown, content);
  return [done, [...begin, ...delta, ...end]];
}

/** Adds to a segment of reasoning, ending the one before where another begins. */
export function think(output: Output, at: number, item: ReasoningItem, segment: number, text: string): Written {
  const begins = item.segments.length === 0 || segment > item.segment;
  const [closed, ends] = begins ? endSegment(item, at) : [item, []];
  const segments = begins
    ? [...closed.segments, text]
    : closed.segments.with(-1, (closed.segments.at(-1) ?? '') + text);
  const grown = { ...closed, segments, segment };
  const where = segmentPlace(grown, at);
  const opens =
    item.slot === 'summary'
      ? { type: 'response.reasoning_summary_part.added', ...where, part: summaryPart('') }
      : { type: 'response.content_part.added', ...where, part: thoughtPart('') };
  const type = item.slot === 'summary' ? 'response.reasoning_summary_text.delta' : 'response.reasoning_text.delta';
  return [
    replaceItem(output, at, grown),
    [...ends, ...(begins ? [opens] : []), ...(text === '' ? [] : [{ type, ...where, delta: text }])],
  ];
}

const segmentPlace = ({ id, slot, segments }: ReasoningItem, at: number) => ({
  item_id: id,
  output_index: at,
  ...(slot === 'summary' ? { summary_index: segments.length - 1 } : { content_index: segments.length - 1 }),
});

/** The last segment of reasoning, told whole. */
export function endSegment(item: ReasoningItem, at: number): readonly [ReasoningItem, Written[1]] {
  const text = item.segments.at(-1);
  if (text === undefined) return [item, []];
  const where = segmentPlace(item, at);
  return [
    item,
    item.slot === 'summary'
      ? [
          { type: 'response.reasoning_summary_text.done', ...where, text },
          { type: 'response.reasoning_summary_part.done', ...where, part: summaryPart(text) },
        ]
      : [
          { type: 'response.reasoning_text.done', ...where, text },
          { type: 'response.content_part.done', ...where, part: thoughtPart(text) },
        ],
  ];
}

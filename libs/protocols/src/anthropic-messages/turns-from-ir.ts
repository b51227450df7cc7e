import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, SystemSegment, Turn } from '@bytespike/ir';

import { instructionWords } from '../instruction-words.js';
import { cacheFromIr, own, partFromIr, type Writing } from './blocks-from-ir.js';
import type { WireBlock, WireMessage, WireRequest, WireTextBlock } from './schema.js';

export interface ConversationWriting extends Writing {
  readonly thinking: 'on' | 'off';
}

export function systemFromIr(
  system: readonly SystemSegment[],
  { to, losses }: Writing,
): WireRequest['system'] | undefined {
  const [first] = system;
  if (!first) return undefined;
  const words = system.map((segment, index) => {
    if (segment.name !== undefined) losses.drop('L05', `system.${index}.name`);
    return instructionWords(segment, `system.${index}`, losses);
  });
  if (system.length === 1 && first.form === 'string' && words[0]?.length === 1) return words[0][0]?.text ?? '';
  const blocks = system.flatMap((segment, index): WireTextBlock[] => {
    const raw = own(segment.raw);
    const parts = words[index] ?? [];
    if (to.ownFields === 'drop' && parts.some(({ attribution }) => attribution)) {
      losses.drop('L86', `system.${index}`);
      return [];
    }
    if (raw) return raw['text'] === '' ? [] : [raw as WireTextBlock];
    return parts
      .filter(({ text }) => text !== '')
      .map((part) => ({ type: 'text' as const, text: part.text, ...cacheFromIr(part.cache) }));
  });
  return blocks.length > 0 ? blocks : undefined;
}

type Numbered = readonly [turn: Turn, index: number];

/** A turn on its way: its blocks, and the message as this wire itself wrote it where that may stand as it is. */
interface Draft {
  readonly index: number;
  readonly role: WireMessage['role'];
  readonly isResult: boolean;
  readonly content: string | WireBlock[];
  readonly raw: WireMessage | undefined;
}

/** The conversation as messages; what stands between two answers is brought into the order the vendor insists on. */
export function messagesFromIr({ turns }: Pick<GenerateRequest, 'turns'>, writing: ConversationWriting): WireMessage[] {
  const messages: WireMessage[] = [];
  let run: Draft[] = [];
  const closeRun = (): void => {
    for (const message of runFromDrafts(run, writing)) messages.push(message);
    run = [];
  };
  turns.forEach((turn, index) => {
    if (turn.name !== undefined) writing.losses.drop('L05', `turns.${index}.name`);
    if (turn.parts.some((part) => part.type === 'text' && part.phase !== undefined))
      writing.losses.drop('L87', `turns.${index}.phase`);
    const draft = draftOf([turn, index], writing);
    if (draft.role !== 'assistant') return void run.push(draft);
    closeRun();
    if (draft.content.length > 0) messages.push(messageOf(draft));
  });
  closeRun();
  return messages;
}

function draftOf([turn, index]: Numbered, writing: ConversationWriting): Draft {
  const { to, losses } = writing;
  const wrapped = (turn.role === 'system' || turn.role === 'developer') && to.laterSystem === 'wrap';
  const role = turn.role === 'tool' || wrapped ? 'user' : turn.role === 'developer' ? 'system' : turn.role;
  const raw = wrapped ? undefined : own(turn.raw);
  const draft = { index, role, isResult: turn.role === 'tool', raw: raw as WireMessage | undefined };
  const [only] = turn.parts;
  const asString = turn.form === 'string' && turn.parts.length === 1 && only?.type === 'text';
  if (asString && !wrapped && (raw !== undefined || role !== 'assistant'))
    return { ...draft, content: isBlank(only.text) ? '' : only.text };
  if (wrapped) {
    losses.approximate('L03', `turns.${index}`);
    const words = instructionWords(turn, `turns.${index}`, losses);
    const text = words.map((part) => part.text).join('\n\n');
    return { ...draft, content: text === '' ? [] : [{ type: 'text', text: `<system>\n${text}\n</system>` }] };
  }
  const content = turn.parts.flatMap((part, at): WireBlock[] => {
    const path = `turns.${index}.parts.${at}`;
    if (isAllowedIn(role, part.type) && !isUnread(turn, part, to)) return partFromIr(part, path, writing);
    losses.drop('L14', path);
    return [];
  });
  const said = withoutBlanks(content);
  return { ...draft, content: role === 'assistant' ? withOwedThinking(said, writing) : said };
}

const isBlank = (text: string): boolean => text.trim() === '';

/** Blanks between words are words; a message whose words are nothing but blanks is refused, so it has none. */
function withoutBlanks(content: WireBlock[]): WireBlock[] {
  const isWord = ({ type, text }: WireBlock): boolean => type === 'text' && !isBlank(String(text));
  return content.some(isWord) ? content : content.filter(({ type }) => type !== 'text');
}

const USERS_ALONE: readonly string[] = ['media', 'document', 'search-result', 'tool-result'];
const isAllowedIn = (role: WireMessage['role'], type: string): boolean =>
  role === 'user' || (role === 'assistant' ? !USERS_ALONE.includes(type) : type === 'text');

/** What a user said in a form that the vendor does not know; of the model's turns that would be history of its tools. */
const isUnread = (turn: Turn, part: Turn['parts'][number], to: Writing['to']): boolean =>
  turn.role === 'user' &&
  part.type === 'opaque' &&
  (part.protocol !== 'anthropic-messages' || to.hostedTools === 'drop');

/** Some vendors want thinking in front of every call, be it empty. */
function withOwedThinking(content: WireBlock[], { to, thinking }: ConversationWriting): WireBlock[] {
  const owed =
    to.replay === 'plain-every-call' &&
    thinking === 'on' &&
    content.some(({ type }) => type === 'tool_use') &&
    !content.some(({ type }) => type === 'thinking');
  return owed ? [{ type: 'thinking', thinking: '', signature: '' }, ...content] : content;
}

/** The message untouched where every block of it stayed what it was, so that bound and cached history stays bound. */
function messageOf({ role, content, raw }: Draft): WireMessage {
  const before = raw?.content;
  const same =
    typeof before === 'string' || typeof content === 'string'
      ? before === content
      : before?.length === content.length && content.every((block, index) => block === before[index]);
  if (raw && same) return raw;
  return { ...((raw ?? {}) as JsonObject), role, content } as WireMessage;
}

/** Results stand directly behind their calls and before anything else; those of several turns share a message (2.5). */
function runFromDrafts(run: readonly Draft[], { losses }: Writing): WireMessage[] {
  const told = run.filter(({ content }) => content.length > 0);
  const blocks = told.flatMap(({ content, index }): { index: number; type: string }[] =>
    typeof content === 'string' ? [{ index, type: 'text' }] : content.map(({ type }) => ({ index, type })),
  );
  const lastResult = blocks.findLastIndex(({ type }) => type === 'tool_result');
  const between = blocks.slice(0, Math.max(0, lastResult)).filter(({ type }) => type !== 'tool_result');
  for (const index of new Set(between.map((place) => place.index))) losses.approximate('L33', `turns.${index}`);
  return between.length > 0 ? resultsFirst(told) : mergeResults(told).map(messageOf);
}

const isResultBlock = ({ type }: WireBlock): boolean => type === 'tool_result';

function resultsFirst(run: readonly Draft[]): WireMessage[] {
  const results = run.flatMap(({ content }) => (typeof content === 'string' ? [] : content.filter(isResultBlock)));
  const rest = run.map((draft): Draft => {
    const { content } = draft;
    return typeof content === 'string' ? draft : { ...draft, content: content.filter((one) => !isResultBlock(one)) };
  });
  return [{ role: 'user', content: results }, ...rest.filter(({ content }) => content.length > 0).map(messageOf)];
}

/** Neighbouring turns of one result each are one message of this wire. */
function mergeResults(run: readonly Draft[]): readonly Draft[] {
  const merged: Draft[] = [];
  for (const draft of run) {
    const before = merged.at(-1);
    const joins = draft.isResult && before?.isResult && Array.isArray(before.content) && Array.isArray(draft.content);
    if (joins) for (const block of draft.content) before.content.push(block);
    else merged.push(draft);
  }
  return merged;
}

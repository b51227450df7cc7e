import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, ReasoningPart, SystemSegment, ToolCallPart, Turn } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import type { LossList } from '../losses.js';
import { contentFromIr, resultFromIr } from './parts-from-ir.js';
import type { WireKnownPart, WireMessage, WireToolCall } from './schema.js';

/** What the turns are written for. */
export interface Writing {
  readonly vendor: string;
  readonly to: ChatCompatibility;
  /** Whether the model will think, as far as the request and the vendor's default say. */
  readonly thinking: 'on' | 'off';
  readonly losses: LossList;
}

type Numbered = readonly [turn: Turn, index: number];

export function messagesFromIr(ir: Pick<GenerateRequest, 'system' | 'turns'>, writing: Writing): WireMessage[] {
  const messages = systemFromIr(ir.system, writing);
  let run: Numbered[] = [];
  const closeRun = (): void => {
    messages.push(...userRun(run, writing));
    run = [];
  };
  ir.turns.forEach((turn, index) => {
    if (turn.name !== undefined && !ownMessage(turn)) writing.losses.drop('L05', `turns.${index}.name`);
    if (turn.role === 'user' || turn.role === 'tool') return void run.push([turn, index]);
    closeRun();
    messages.push(
      turn.role === 'assistant' ? assistantMessage(turn, index, writing) : laterSystem(turn, index, writing),
    );
  });
  closeRun();
  return messages;
}

/** A message as this wire itself wrote it, for replay to any vendor that speaks it. */
const ownMessage = (node: { readonly raw?: Turn['raw'] }): WireMessage | undefined =>
  node.raw?.protocol === 'openai-chat' ? (node.raw.value as JsonObject as WireMessage) : undefined;

/** Many servers know `system` alone; those that know `developer` know both. */
const withKnownRole = (own: WireMessage, to: ChatCompatibility): WireMessage =>
  own.role === 'developer' ? { ...own, role: to.systemRole } : own;

function systemFromIr(system: readonly SystemSegment[], { to, losses }: Writing): WireMessage[] {
  const messages: WireMessage[] = [];
  const field: string[] = [];
  system.forEach((segment, index) => {
    const own = ownMessage(segment);
    if (own) return void messages.push(withKnownRole(own, to));
    segment.parts.forEach((part) => {
      if (part.cache) losses.drop('L83', `system.${index}.cache_control`);
      if (part.attribution) return void losses.drop('L86', `system.${index}`);
      if (part.text !== '') field.push(part.text);
    });
  });
  if (field.length > 0) messages.unshift({ role: to.systemRole, content: field.join('\n\n') });
  return messages;
}

function laterSystem(turn: Turn, index: number, { to, losses }: Writing): WireMessage {
  const own = ownMessage(turn);
  if (own) return withKnownRole(own, to);
  const content = turn.parts.flatMap((part, at) => contentFromIr(part, `turns.${index}.parts.${at}`, to, losses));
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  return { role: to.systemRole, content: text };
}

/** Neighbouring user and tool turns: every result first, directly behind its call, then what the user says. */
function userRun(run: readonly Numbered[], { to, losses }: Writing): WireMessage[] {
  const results: WireMessage[] = [];
  const said: WireMessage[] = [];
  for (const [turn, index] of run) {
    const own = ownMessage(turn);
    if (own) {
      (turn.role === 'tool' ? results : said).push(own);
      continue;
    }
    const content: WireKnownPart[] = [];
    turn.parts.forEach((part, at) => {
      const path = `turns.${index}.parts.${at}`;
      if (part.type !== 'tool-result') return void content.push(...contentFromIr(part, path, to, losses));
      const result = resultFromIr(part, path, to, losses);
      results.push({ role: 'tool', tool_call_id: part.callId, content: result.content });
      content.push(...result.moved);
    });
    if (content.length > 0) said.push({ role: 'user', content: simplest(content, to) });
  }
  return [...results, ...said];
}

/** One text is a string to every server; several are joined for those that read strings only. */
function simplest(content: WireKnownPart[], to: ChatCompatibility): string | WireKnownPart[] {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const textOnly = texts.length === content.length;
  return textOnly && (texts.length === 1 || to.textParts === 'join') ? texts.join('\n\n') : content;
}

function assistantMessage(turn: Turn, index: number, writing: Writing): WireMessage {
  const own = ownMessage(turn);
  if (own) return own;
  const { to, losses } = writing;
  const texts: string[] = [];
  const calls: WireToolCall[] = [];
  const thoughts: string[] = [];
  turn.parts.forEach((part, at) => {
    const path = `turns.${index}.parts.${at}`;
    if (part.cache) losses.drop('L83', `${path}.cache_control`);
    if (part.type === 'text' || part.type === 'refusal') texts.push(part.text);
    else if (part.type === 'tool-call') calls.push(callFromIr(part, to));
    else if (part.type === 'reasoning') thoughts.push(...thoughtOf(part, path, writing));
    else losses.drop(part.type === 'media' ? 'L14' : 'L71', path);
  });
  const text = texts.join('');
  const demanded = to.reasoningReplay === 'every-call' && writing.thinking === 'on' && calls.length > 0;
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...((thoughts.length > 0 || demanded) && { reasoning_content: thoughts.join('\n\n') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** Earlier reasoning goes back only to the vendor it came from, and only if that vendor takes it. */
function thoughtOf(part: ReasoningPart, path: string, { vendor, to, losses }: Writing): readonly string[] {
  const native = part.capsules?.some(
    ({ origin, kind }) =>
      kind === 'plain-reasoning' &&
      origin.protocol === 'openai-chat' &&
      (origin.vendor === undefined || origin.vendor === vendor),
  );
  if (native && to.reasoningReplay !== 'never') return [part.segments.join('\n\n')];
  losses.drop('L40', path);
  return [];
}

/** A free-form call, for servers that know functions only, is one with a single string. */
function callFromIr({ id, name, kind, argumentsText }: ToolCallPart, to: ChatCompatibility): WireToolCall {
  if (kind === 'function') return { id, type: 'function', function: { name, arguments: argumentsText || '{}' } };
  if (to.customTools === 'send') return { id, type: 'custom', custom: { name, input: argumentsText } };
  return { id, type: 'function', function: { name, arguments: JSON.stringify({ input: argumentsText }) } };
}

import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, Part, SystemSegment, ToolResultContent, Turn } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import { instructionWords } from '../instruction-words.js';
import { assistantMessage, type Numbered } from './assistant-from-ir.js';
import { contentFromIr, resultFromIr } from './parts-from-ir.js';
import type { WireMessage } from './schema.js';
import type { WireKnownPart } from './schema-parts.js';
import type { Writing } from './writing.js';

export function messagesFromIr(ir: Pick<GenerateRequest, 'system' | 'turns'>, writing: Writing): WireMessage[] {
  const messages = systemFromIr(ir.system, writing);
  let run: Numbered[] = [];
  let step = openStep();
  const closeRun = (): void => {
    for (const message of userRun(run, writing)) messages.push(message);
    run = [];
  };
  const closeStep = (): void => {
    if (step.turns.length > 0) messages.push(assistantMessage(step.turns, writing));
    step = openStep();
  };
  ir.turns.forEach((turn, index) => {
    if (turn.name !== undefined && !ownMessage(turn)) writing.losses.drop('L05', `turns.${index}.name`);
    if (turn.parts.some((part) => part.type === 'text' && part.phase !== undefined))
      writing.losses.drop('L87', `turns.${index}.phase`);
    if (turn.role !== 'assistant') {
      closeStep();
      return void run.push([turn, index]);
    }
    closeRun();
    if (!step.hasCalls && !step.isThought) closeStep();
    step.turns.push([turn, index]);
    step.hasCalls ||= turn.parts.some(({ type }) => type === 'tool-call');
    step.isThought &&= turn.parts.every(({ type }) => type === 'reasoning');
  });
  closeStep();
  closeRun();
  return messages;
}

/** Thoughts and results stand with their calls here, also where a step was written in several messages. */
const openStep = (): { readonly turns: Numbered[]; hasCalls: boolean; isThought: boolean } => ({
  turns: [],
  hasCalls: false,
  isThought: true,
});

/** A message as this wire itself wrote it, for replay to any vendor that speaks it. */
const ownMessage = (node: { readonly raw?: Turn['raw'] }): WireMessage | undefined =>
  node.raw?.protocol === 'openai-chat' ? (node.raw.value as JsonObject as WireMessage) : undefined;

/** Many servers know `system` alone; those that know `developer` know both. */
const withKnownRole = (own: WireMessage, to: ChatCompatibility): WireMessage =>
  own.role === 'developer' ? { ...own, role: to.systemRole } : own;

function systemFromIr(system: readonly SystemSegment[], { to, losses }: Writing): WireMessage[] {
  const messages: WireMessage[] = [];
  const field: WireKnownPart[] = [];
  system.forEach((segment, index) => {
    const own = ownMessage(segment);
    if (own && to.textParts === 'send') return void messages.push(withKnownRole(own, to));
    if (segment.name !== undefined) losses.drop('L05', `system.${index}.name`);
    const content = instructionWords(segment, `system.${index}`, losses).flatMap((part) => {
      if (!part.attribution) return contentFromIr(part, `system.${index}`, to, losses);
      losses.drop('L86', `system.${index}`);
      return [];
    });
    if (content.length === 0) return;
    if (segment.slot === 'message') messages.push({ role: to.systemRole, content: joined(content) });
    else for (const part of content) field.push(part);
  });
  if (field.length > 0) messages.unshift({ role: to.systemRole, content: joined(field) });
  return messages;
}

/** Instructions are one text, unless something is marked within them. */
function joined(content: WireKnownPart[]): string | WireKnownPart[] {
  const isMarked = content.some((part) => 'prompt_cache_breakpoint' in part);
  return isMarked ? content : content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
}

function laterSystem(turn: Turn, index: number, { to, losses }: Writing): WireMessage {
  const own = ownMessage(turn);
  if (own && to.textParts === 'send') return withKnownRole(own, to);
  const content = turn.parts.flatMap((part, at) => {
    const path = `turns.${index}.parts.${at}`;
    // A later instruction is text, as the leading ones are.
    if (part.type !== 'media') return contentFromIr(part, path, to, losses);
    losses.drop('L14', path);
    return [];
  });
  return { role: to.systemRole, content: joined(content) };
}

/** Neighbouring turns of anybody but the model: every result first, directly behind its call, then what is said. */
function userRun(run: readonly Numbered[], writing: Writing): WireMessage[] {
  const { to, losses } = writing;
  const results: WireMessage[] = [];
  const said: WireMessage[] = [];
  const before = new Set<number>();
  for (const [turn, index] of run) {
    if (turn.role === 'system' || turn.role === 'developer') {
      said.push(laterSystem(turn, index, writing));
      before.add(index);
      continue;
    }
    const own = ownMessage(turn);
    const kept = own !== undefined && turn.parts.every((part) => isWelcome(part, to));
    const content: WireKnownPart[] = [];
    turn.parts.forEach((part, at) => {
      const path = `turns.${index}.parts.${at}`;
      if (part.type !== 'tool-result') {
        if (!kept) for (const piece of contentFromIr(part, path, to, losses)) content.push(piece);
        return void before.add(index);
      }
      for (const earlier of before) losses.approximate('L33', `turns.${earlier}`);
      before.clear();
      if (kept) return;
      const result = resultFromIr(part, path, to, losses);
      results.push({ role: 'tool', tool_call_id: part.callId, content: result.content });
      for (const piece of result.moved) content.push(piece);
    });
    if (kept) (turn.role === 'tool' ? results : said).push(own);
    else if (content.length > 0) said.push({ role: 'user', content: simplest(content, to) });
  }
  return [...results, ...said];
}

/** Whether a part may go as this wire wrote it. */
function isWelcome(part: Part | ToolResultContent, to: ChatCompatibility): boolean {
  if (part.type === 'text') return to.textParts === 'send' || part.raw === undefined;
  if (part.type === 'tool-result')
    return part.content.every(
      (inner) => isWelcome(inner, to) && (inner.type !== 'media' || to.toolResultImages === 'parts'),
    );
  if (part.type === 'opaque') return to.ownFields === 'send';
  return part.type === 'media' && (part.kind === 'image' ? to.images : to.files) === 'send';
}

/** One text is a string to every server; several are joined for those that read strings only. */
function simplest(content: WireKnownPart[], to: ChatCompatibility): string | WireKnownPart[] {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const textOnly = texts.length === content.length && !content.some((part) => 'prompt_cache_breakpoint' in part);
  return textOnly && (texts.length === 1 || to.textParts === 'join') ? texts.join('\n\n') : content;
}

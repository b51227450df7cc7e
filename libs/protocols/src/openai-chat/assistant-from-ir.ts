import type { JsonObject } from '@bytespike/kernel';
import type { ReasoningPart, ToolCallPart, Turn } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import type { WireMessage, WireToolCall } from './schema.js';
import type { Writing } from './writing.js';

/** What clients and vendors of this wire have added to it; its owner refuses what it does not know. */
const ADDED: readonly string[] = [
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
  'function_call',
];

export type Numbered = readonly [turn: Turn, index: number];

/** What the model said earlier in one step, on its way to the vendor that continues it. */
export function assistantMessage(step: readonly Numbered[], writing: Writing): WireMessage {
  const { to, losses } = writing;
  const texts: string[] = [];
  const calls: WireToolCall[] = [];
  const thoughts: string[] = [];
  for (const [turn, index] of step)
    turn.parts.forEach((part, at) => {
      const path = `turns.${index}.parts.${at}`;
      if (part.cache && part.type !== 'text') losses.drop('L83', `${path}.cache_control`);
      if (part.type === 'text' || part.type === 'refusal') texts.push(part.text);
      else if (part.type === 'tool-call') calls.push(callFromIr(part, to));
      else if (part.type === 'reasoning') thoughts.push(...thoughtOf(part, path, writing));
      else if (part.type !== 'opaque' || !isOwn(turn)) losses.drop(part.type === 'media' ? 'L14' : 'L71', path);
    });
  const text = texts.join('');
  const demanded = to.reasoningReplay === 'every-call' && writing.thinking === 'on' && calls.length > 0;
  const reasoning = thoughts.length > 0 || demanded ? reasoningFields(thoughts.join('\n\n'), to) : {};
  const [[only] = [], ...others] = step;
  const own = only && others.length === 0 && isOwn(only) ? ownMessage(only, calls) : undefined;
  if (own) return { ...own, ...reasoning };
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : withMark(text, step),
    ...reasoning,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

const isOwn = ({ raw }: Turn): boolean => raw?.protocol === 'openai-chat';

/** The message as this wire wrote it, without what its vendors have added; nothing where a call has to change. */
function ownMessage(turn: Turn, calls: readonly WireToolCall[]): WireMessage | undefined {
  const kept = Object.entries((turn.raw?.value ?? {}) as JsonObject).filter(([field]) => !ADDED.includes(field));
  const message = Object.fromEntries(kept) as JsonObject as WireMessage;
  const { tool_calls: before } = message;
  if (!before?.length) return message;
  const same = before.every((call, index) => 'custom' in call === 'custom' in (calls[index] ?? {}));
  return same ? { ...message, tool_calls: before.map(withoutExtra) } : undefined;
}

function withoutExtra(call: WireToolCall): WireToolCall {
  if (!('extra_content' in call)) return call;
  const { extra_content: _extra, ...rest } = call;
  return rest;
}

/** A mark on text is kept where marks are; a message of plain text is a string. */
function withMark(text: string, step: readonly Numbered[]): WireMessage['content'] {
  const parts = step.flatMap(([turn]) => turn.parts);
  const mark = parts.findLast((part) => part.type === 'text' && part.cache)?.cache;
  if (!mark || text === '') return text;
  const ttl = mark.ttl && mark.ttl !== '5m' ? { ttl: mark.ttl } : {};
  return [{ type: 'text', text, prompt_cache_breakpoint: { mode: 'explicit', ...ttl } }];
}

const reasoningFields = (text: string, { reasoningField }: ChatCompatibility): Partial<WireMessage> =>
  reasoningField === 'reasoning_content'
    ? { reasoning_content: text }
    : { reasoning_details: [{ type: 'reasoning.text', id: 'reasoning-text-1', index: 0, text }] };

/** Earlier reasoning goes back only to the vendor it came from, and only if that vendor takes it. */
function thoughtOf(part: ReasoningPart, path: string, { vendor, to, losses }: Writing): readonly string[] {
  const native = part.capsules?.some(
    ({ origin, kind }) => kind === 'plain-reasoning' && (origin.vendor === undefined || origin.vendor === vendor),
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

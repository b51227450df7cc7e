import { GatewayError, type JsonObject } from '@bytespike/kernel';
import type { Part, ReasoningPart, SystemSegment, ToolCallPart, Turn } from '@bytespike/ir';

import { given } from '../given.js';
import { contentToIr } from './parts-to-ir.js';
import { sealedPart, signatureOf, stateFromDetail, thoughtSignature, type SealedReasoning } from './reasoning-state.js';
import type { WireDelta, WireMessage, WireToolCall } from './schema.js';

const protocol = 'openai-chat' as const;

export const rawOf = (value: object) => ({ raw: { protocol, value: value as JsonObject } });

export function systemToIr(message: WireMessage): SystemSegment {
  const { role, content, name } = message;
  return {
    role: role === 'developer' ? 'developer' : 'system',
    slot: 'message',
    form: typeof content === 'string' ? 'string' : 'parts',
    parts: spokenContent(content),
    ...given({ name }),
    ...rawOf(message),
  };
}

/** The turns after the leading instructions. Results of the oldest form name a function and belong to its last call. */
export function turnsToIr(messages: readonly WireMessage[], from: number): readonly Turn[] {
  let legacyCall = '';
  return messages.map((message, at): Turn => {
    const { role, content, name, function_call } = message;
    const index = from + at;
    if (function_call) legacyCall = legacyId(index);
    const form = typeof content === 'string' ? 'string' : 'parts';
    if (role === 'function') {
      const result = { type: 'tool-result', callId: legacyCall, form, content: spokenContent(content) } as const;
      return { role: 'tool', form, parts: [{ ...result, ...given({ name }) }] };
    }
    const turn = { role, form, parts: turnParts(message, index), ...given({ name }) } as const;
    return function_call ? turn : { ...turn, ...rawOf(message) };
  });
}

const legacyId = (index: number): string => `call_function_${index}`;

/** What nobody but the model may refuse with: a refusal elsewhere is a text. */
const spokenContent = (content: WireMessage['content']) =>
  contentToIr(content).map((part) => (part.type === 'refusal' ? ({ type: 'text', text: part.text } as const) : part));

function turnParts(message: WireMessage, index: number): readonly Part[] {
  const { role, content, tool_call_id: callId, tool_calls, refusal, audio, function_call } = message;
  if (role === 'tool') {
    if (!callId)
      throw new GatewayError('invalid-request', `messages.${index}.tool_call_id: required on a tool message.`, {
        details: { param: `messages.${index}.tool_call_id` },
      });
    const form = typeof content === 'string' ? 'string' : 'parts';
    return [{ type: 'tool-result', callId, form, content: spokenContent(content) }];
  }
  if (role !== 'assistant') return contentToIr(content);
  // SDKs fold a stream without words to an empty content, which says nothing and must not take a call's state.
  const said: readonly Part[] = [
    ...(content === '' ? [] : contentToIr(content)),
    ...(refusal ? [{ type: 'refusal', text: refusal } as const] : []),
    ...(audio ? [{ type: 'opaque', protocol, data: { type: 'audio', ...audio } as JsonObject } as const] : []),
  ];
  const legacy = function_call ? [legacyToIr(function_call, index)] : [];
  return inPlace(message, said, [...(tool_calls ?? []).map(callToIr).map(withArguments), ...legacy]);
}

/** Reasoning where it came about, as far as the client has kept what tells. */
function inPlace(message: WireMessage, said: readonly Part[], calls: readonly Part[]): readonly Part[] {
  const sealed = (message.reasoning_details ?? []).flatMap((detail) => stateFromDetail(detail) ?? []);
  const thoughts = splitReasoning(readReasoning(message), sealed);
  const known = new Set(sealed.map(({ data }) => data));
  const before = (place: 'nothing' | 'text', call: number): readonly Part[] =>
    thoughts.filter((one) => one.said === place && one.calls === call).map(({ part }) => part);
  const parts: Part[] = [...before('nothing', 0), ...said, ...before('text', 0)];
  calls.forEach((call, at) => {
    const signature = signatureOf(message.tool_calls?.[at] ?? {});
    if (signature !== undefined && !known.has(signature)) parts.push(sealedPart('', signature));
    parts.push(call, ...before('nothing', at + 1), ...before('text', at + 1));
  });
  return parts;
}

interface Thought extends Pick<SealedReasoning, 'said' | 'calls'> {
  readonly part: ReasoningPart;
}

const SEPARATOR = '\n\n';

/** The shown text divided among the states it was made under. A state whose text is not all there is worth nothing. */
function splitReasoning(text: string, sealed: readonly SealedReasoning[]): readonly Thought[] {
  let at = 0;
  const thoughts = sealed.flatMap(({ data, length, said, calls }): Thought[] => {
    const own = text.slice(at, at + length);
    if (own.length < length) return [];
    if (length > 0) at += length + SEPARATOR.length;
    return [{ said, calls, part: sealedPart(own, data) }];
  });
  const rest = text.slice(at);
  return rest === '' ? thoughts : [{ said: 'nothing', calls: 0, part: plainReasoning(rest) }, ...thoughts];
}

/** What was thought, from whichever field holds it; vendors that fill two of them repeat themselves. */
export function readReasoning(fields: Pick<WireDelta, ReasoningField>): string {
  const blocks = (fields.thinking_blocks ?? []).map(({ thinking }) => thinking ?? '').join('');
  const details = (fields.reasoning_details ?? []).map(({ text, summary }) => text ?? summary ?? '').join('');
  return fields.reasoning_content || fields.reasoning || details || blocks;
}

export type ReasoningField = 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'thinking_blocks';

export const reasoningToIr = (text: string): ReasoningPart[] => (text === '' ? [] : [plainReasoning(text)]);

const plainReasoning = (text: string): ReasoningPart => ({
  type: 'reasoning',
  visibility: 'full',
  segments: [text],
  capsules: [PLAIN_REASONING],
});

/** On this wire the text itself is the state; which vendor wrote it, the wire cannot say. */
export const PLAIN_REASONING = { origin: { protocol }, kind: 'plain-reasoning', data: '' } as const;

const callToIr = (call: WireToolCall): ToolCallPart =>
  'custom' in call && call.type === 'custom'
    ? { type: 'tool-call', id: call.id, name: call.custom.name, kind: 'custom', argumentsText: call.custom.input }
    : {
        type: 'tool-call',
        id: call.id,
        name: call.function.name,
        kind: 'function',
        argumentsText: call.function.arguments ?? '',
      };

/** A call that says nothing of its arguments has none. */
export const withArguments = (call: ToolCallPart): ToolCallPart =>
  call.kind === 'function' && call.argumentsText === '' ? { ...call, argumentsText: '{}' } : call;

/** A vendor's call, with the signature one company's compatible endpoint keeps on it. */
export function signedCallToIr(call: WireToolCall): ToolCallPart {
  const signature = signatureOf(call);
  return { ...callToIr(call), ...(signature !== undefined && { capsules: [thoughtSignature(signature)] }) };
}

const legacyToIr = (call: NonNullable<WireMessage['function_call']>, index: number): ToolCallPart => ({
  type: 'tool-call',
  id: legacyId(index),
  name: call.name,
  kind: 'function',
  argumentsText: call.arguments || '{}',
});

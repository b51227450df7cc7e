import type { Citation, Encoded, Finish, FinishReason, GenerateRequest, GenerateResponse } from '@bytespike/ir';

import { codePoints } from '../code-points.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { createLossList } from '../losses.js';
import { detailFromState, sealedData, withSignature, type Place } from './reasoning-state.js';
import type { WireAnnotation, WireReasoningDetail, WireResponse, WireToolCall } from './schema.js';
import { TIER_FROM_IR } from './tier.js';
import { isLegacy } from './tools-to-ir.js';
import { usageFromIr } from './usage.js';

const FINISH_REASON = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-window': 'length',
  'tool-calls': 'tool_calls',
  refusal: 'content_filter',
  pause: 'length',
  compaction: 'length',
  other: 'stop',
} as const satisfies Record<FinishReason, string>;

type Called = Extract<GenerateResponse['parts'][number], { readonly type: 'tool-call' }>;

export function responseFromIr(ir: GenerateResponse, asked?: GenerateRequest): Encoded<WireResponse> {
  const { id, model, createdAt, parts, finish, usage, tier, ...unhandled } = ir;
  unhandled satisfies Record<string, never>;
  const losses = createLossList();
  parts.forEach(({ type }, index) => {
    if (type === 'media') losses.drop('L14', `parts.${index}`);
    if (type === 'opaque' || type === 'server-tool-call' || type === 'server-tool-result')
      losses.drop('L71', `parts.${index}`);
  });
  const message = withContent(messageFromParts(parts), finish);
  const refusal = message.refusal ?? explanationOf(finish, { refused: message.refusal !== null });
  const [call] = message.tool_calls ?? [];
  const legacy = isLegacy(asked) && call && call.type !== 'custom' ? { function_call: call.function } : undefined;
  const { tool_calls: _calls, ...withoutCalls } = message;
  return {
    wire: {
      id: completionId(id),
      object: 'chat.completion',
      created: createdAt ?? 0,
      model: model ?? '',
      choices: [
        {
          index: 0,
          message: legacy ? { ...withoutCalls, refusal, ...legacy } : { ...message, refusal },
          finish_reason: finishFromIr(finish, { refused: message.refusal !== null, legacy: legacy !== undefined }),
          logprobs: null,
        },
      ],
      ...(usage && { usage: usageFromIr(usage) }),
      ...given({ service_tier: lookUp(TIER_FROM_IR, tier) }),
    },
    losses: losses.list,
  };
}

/** Clients read a missing text as a missing answer: one that ended without a word says nothing, in no words (T23). */
function withContent<Message extends ReturnType<typeof messageFromParts>>(
  message: Message,
  { reason }: Finish,
): Message {
  const isSilent = message.content === null && message.tool_calls === undefined && reason !== 'refusal';
  return isSilent ? { ...message, content: '' } : message;
}

/** One message of all the parts: reasoning apart from text, text joined, calls in a list. */
function messageFromParts(parts: GenerateResponse['parts']) {
  const calls: WireToolCall[] = [];
  const details: WireReasoningDetail[] = [];
  const annotations: WireAnnotation[] = [];
  const thoughts: string[] = [];
  let text = '';
  let refusal = '';
  let pending: string | undefined;
  for (const part of parts) {
    const place: Place = { said: text === '' ? 'nothing' : 'text', calls: calls.length };
    if (part.type === 'reasoning') {
      const thought = part.visibility === 'redacted' ? '' : part.segments.join('\n\n');
      if (thought !== '') thoughts.push(thought);
      for (const data of (part.capsules ?? []).flatMap((capsule) => sealedData(capsule) ?? [])) {
        details.push(detailFromState({ data, length: thought.length, ...place }, details.length));
        if (thought === '') pending = data;
      }
    } else if (part.type === 'text') {
      const base = codePoints(text);
      const whole = { start: 0, end: codePoints(part.text) };
      annotations.push(...(part.citations ?? []).flatMap((citation) => annotationFromIr(citation, base, whole)));
      text += part.text;
    } else if (part.type === 'refusal') refusal += part.text;
    else if (part.type === 'tool-call') {
      const own = part.kind === 'function' ? (part.capsules ?? []).map(sealedData).find((data) => data) : undefined;
      const signature = own ?? pending;
      calls.push({ ...callFromPart(part), ...(signature !== undefined && withSignature(signature)) });
      pending = undefined;
    }
  }
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('\n\n') }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(annotations.length > 0 && { annotations }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

const callFromPart = ({ id, name, kind, argumentsText }: Called): WireToolCall =>
  kind === 'custom'
    ? { id, type: 'custom', custom: { name, input: argumentsText } }
    : { id, type: 'function', function: { name, arguments: argumentsText } };

/** A source, with its offsets in the whole message; one that names no span is of all the text it belongs to. */
export function annotationFromIr(
  { url, title, start, end }: Citation,
  base: number,
  whole: { readonly start: number; readonly end: number },
): WireAnnotation[] {
  if (url === undefined) return [];
  const span = { start_index: base + (start ?? whole.start), end_index: base + (end ?? whole.end) };
  return [{ type: 'url_citation', url_citation: { ...span, title: title ?? url, url } }];
}

/** What a classifier says of its refusal stands where the model's own words would (T27). */
export const explanationOf = (
  { reason, refusal }: Finish,
  { refused }: { readonly refused: boolean },
): string | null => (reason === 'refusal' && !refused ? (refusal?.explanation ?? null) : null);

/** A refusal in the model's own words is a message that stopped; a classifier's cut is a filter. */
export function finishFromIr(
  { reason }: Finish,
  { refused, legacy }: { readonly refused: boolean; readonly legacy: boolean },
): string {
  if (reason === 'refusal' && refused) return 'stop';
  return reason === 'tool-calls' && legacy ? 'function_call' : FINISH_REASON[reason];
}

/** Ids on this wire begin with `chatcmpl-`; another vendor's keeps its own letters behind that. */
export const completionId = (id: string | undefined): string =>
  id?.startsWith('chatcmpl-') ? id : `chatcmpl-${id ?? 'unnamed'}`;

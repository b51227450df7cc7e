import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { Capsule, MediaPart, ReasoningPart, ResponsePart, ToolCallPart } from '@bytespike/ir';

import { given } from '../given.js';
import { citationToIr, rawOf } from './parts-to-ir.js';
import type { WireOutputItem, WireOutputPart } from './schema-events.js';

const protocol = 'openai-responses' as const;

/** Its text is the state where a vendor gives no other; which vendor wrote it, the wire cannot say. */
export const PLAIN_REASONING = { origin: { protocol }, kind: 'plain-reasoning', data: '' } as const;

/** An item that a model put out, as parts: a message has several, a search is a call and its result. */
export function outputItemToIr(item: WireOutputItem): readonly ResponsePart[] {
  switch (item.type) {
    case 'message':
      return typeof item.content === 'string'
        ? [{ type: 'text', text: item.content, ...phaseOf(item) }]
        : (item.content ?? []).flatMap((part): ResponsePart[] => {
            const read = outputPartToIr(part);
            return read ? [read.type === 'text' ? { ...read, ...phaseOf(item) } : read] : [];
          });
    case 'reasoning':
      return [{ ...reasoningToIr(item), ...rawOf(item) }];
    case 'function_call':
    case 'custom_tool_call':
      return [{ ...callToIr(item), ...rawOf(item) }];
    case 'web_search_call':
      return searchToIr(item);
    case 'image_generation_call':
      return [imageToIr(item) ?? opaque(item)];
    default:
      return [opaque(item)];
  }
}

const phaseOf = ({ phase }: WireOutputItem): { phase?: string } => given({ phase });

const opaque = (item: WireOutputItem): ResponsePart => ({ type: 'opaque', protocol, data: item as JsonObject });

export function outputPartToIr(part: WireOutputPart): ResponsePart | undefined {
  if (part.type === 'refusal' || typeof part.refusal === 'string') return { type: 'refusal', text: part.refusal ?? '' };
  if (typeof part.text !== 'string') return undefined;
  const citations = (part.annotations ?? []).map(citationToIr);
  return { type: 'text', text: part.text, ...(citations.length > 0 && { citations }) };
}

const texts = (parts: readonly WireOutputPart[] | string | null | undefined): readonly string[] =>
  typeof parts === 'string' || !parts ? [] : parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));

export function reasoningToIr(item: WireOutputItem): ReasoningPart {
  const chain = texts(item.content);
  const segments = chain.length > 0 ? chain : texts(item.summary);
  const capsule = reasoningCapsule(item);
  return {
    type: 'reasoning',
    visibility: chain.length > 0 ? 'full' : segments.length > 0 ? 'summary' : 'redacted',
    ...given({ itemId: item.id }),
    segments,
    ...(capsule && { capsules: [capsule] }),
  };
}

/** The state that a reasoning item holds: what it says itself, or else its own text. */
export function reasoningCapsule(item: WireOutputItem): Capsule | undefined {
  const { encrypted_content: data, id } = item;
  if (data) return { origin: { protocol }, kind: 'encrypted-content', data, ...given({ itemId: id }) };
  return texts(item.content).length > 0 || texts(item.summary).length > 0 ? PLAIN_REASONING : undefined;
}

const callToIr = (item: WireOutputItem): ToolCallPart => ({
  type: 'tool-call',
  id: item.call_id || item.id || '',
  name: item.name ?? '',
  kind: item.type === 'custom_tool_call' ? 'custom' : 'function',
  ...given({ namespace: item.namespace }),
  argumentsText: argumentsOf(item) || (item.type === 'function_call' ? '{}' : ''),
});

export function argumentsOf(item: WireOutputItem): string {
  if (item.type === 'custom_tool_call') return item.input ?? '';
  return typeof item.arguments === 'string' ? item.arguments : '';
}

/** Whether the vendor itself says that an item did not come to its end. */
export const isCut = (item: WireOutputItem | undefined): boolean => item?.['status'] === 'incomplete';

/** A call that was cut before its first argument: it has not been made without any (protocols 2.9). */
export const withoutArguments = (part: ResponsePart): ResponsePart =>
  part.type === 'tool-call' ? { ...part, argumentsText: '' } : part;

function searchToIr(item: WireOutputItem): readonly ResponsePart[] {
  const action = item.action as JsonObject | null | undefined;
  const { sources, ...input } = action ?? {};
  const id = item.id ?? 'ws_unnamed';
  const found = (Array.isArray(sources) ? sources : []).flatMap((source) =>
    isJsonObject(source) && typeof source['url'] === 'string'
      ? [{ url: source['url'], ...(typeof source['title'] === 'string' && { title: source['title'] }) }]
      : [],
  );
  return [
    { type: 'server-tool-call', id, family: 'web-search', input, ...rawOf(item) },
    {
      type: 'server-tool-result',
      callId: id,
      family: 'web-search',
      sources: found,
      ...(item['status'] === 'failed' && { error: 'unavailable' }),
    },
  ];
}

/** A picture the vendor drew; one that is still being drawn is not. */
function imageToIr(item: WireOutputItem): MediaPart | undefined {
  const { result, output_format: format } = item;
  if (typeof result !== 'string' || result === '') return undefined;
  const mediaType = `image/${typeof format === 'string' ? format : 'png'}`;
  return { type: 'media', kind: 'image', source: { type: 'inline', mediaType, base64: result }, ...rawOf(item) };
}

import { isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';
import type { CacheMark, MediaPart, Part, Raw, ResponsePart } from '@bytespike/ir';

import { given } from '../given.js';
import { createLossList, type LossList } from '../losses.js';
import type { WireBlock } from './schema.js';

const protocol = 'anthropic-messages' as const;
const TTL = { '5m': '5m', '30m': '1h', '1h': '1h', '12h': '1h' } as const;

/** A node as this wire itself wrote it. */
export const own = (raw: Raw | undefined): JsonObject | undefined =>
  raw?.protocol === protocol ? raw.value : undefined;

export const cacheFromIr = (cache: CacheMark | undefined) =>
  cache ? { cache_control: { type: 'ephemeral', ...given({ ttl: cache.ttl && TTL[cache.ttl] }) } } : {};

/** Citations this wire wrote itself; another's point into texts and offsets that it does not have. */
function citationsOf(part: Extract<Part, { type: 'text' | 'refusal' }>) {
  const citations = part.type === 'text' ? (part.citations ?? []).flatMap(({ raw }) => own(raw) ?? []) : [];
  return citations.length > 0 ? { citations: citations as { type: string }[] } : {};
}

/** A part as blocks: usually one, none where it cannot be carried, several where it holds parts of its own. */
export function partFromIr(part: Part, path: string, losses: LossList): WireBlock[] {
  const raw = own(part.raw);
  if (raw) return [raw as WireBlock];
  const cache = cacheFromIr(part.cache);
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, ...citationsOf(part), ...cache }];
    case 'media':
      return mediaFromIr(part, path, losses);
    case 'document': {
      const content = part.parts.flatMap((inner) => partFromIr(inner, path, losses));
      return [{ type: 'document', source: { type: 'content', content }, ...given({ title: part.title }), ...cache }];
    }
    case 'search-result': {
      const content = part.parts.map(({ text }) => ({ type: 'text' as const, text }));
      return [{ type: 'search_result', source: part.source, title: part.title, content, ...cache }];
    }
    case 'reasoning':
    case 'tool-call':
    case 'server-tool-call':
    case 'server-tool-result':
    case 'opaque':
      return answerFromIr(part, path, losses);
    case 'tool-result': {
      const content = part.content.flatMap((inner): WireBlock[] =>
        inner.type === 'tool-reference'
          ? [{ type: 'tool_reference', tool_name: inner.name }]
          : partFromIr(inner, path, losses),
      );
      const [only] = part.content;
      const whole = part.form === 'string' && part.content.length === 1 && only?.type === 'text';
      return [
        {
          type: 'tool_result',
          tool_use_id: part.callId,
          content: whole ? only.text : content,
          ...given({ is_error: part.isError }),
          ...cache,
        },
      ];
    }
  }
}

function mediaFromIr(part: MediaPart, path: string, losses: LossList): WireBlock[] {
  const { source, kind } = part;
  if (kind !== 'image' && kind !== 'pdf') {
    losses.drop('L14', path);
    return [];
  }
  if (source.type === 'file' && source.protocol !== protocol) {
    losses.drop('L11', path);
    return [];
  }
  if (part.detail !== undefined) losses.drop('L12', `${path}.detail`);
  const wireSource =
    source.type === 'inline'
      ? { type: 'base64' as const, media_type: source.mediaType, data: source.base64 }
      : source.type === 'url'
        ? { type: 'url' as const, url: source.url }
        : { type: 'file' as const, file_id: source.id };
  const cache = cacheFromIr(part.cache);
  if (kind === 'image') return [{ type: 'image', source: wireSource, ...cache }];
  return [{ type: 'document', source: wireSource, ...given({ title: part.name }), ...cache }];
}

/** What a model wrote itself: state of another vendor stays behind, everything else has its block. */
function answerFromIr(part: ResponsePart, path: string, losses: LossList): WireBlock[] {
  switch (part.type) {
    case 'reasoning': {
      const capsule = part.capsules?.find(({ origin }) => origin.protocol === protocol);
      if (!capsule) losses.drop('L40', path);
      if (capsule?.kind === 'redacted') return [{ type: 'redacted_thinking', data: capsule.data }];
      return capsule ? [{ type: 'thinking', thinking: part.segments.join('\n\n'), signature: capsule.data }] : [];
    }
    case 'tool-call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: toolInput(part), ...cacheFromIr(part.cache) }];
    case 'opaque':
      if (part.protocol === protocol) return [part.data as WireBlock];
      losses.drop('L71', path);
      return [];
    case 'server-tool-call':
    case 'server-tool-result':
      losses.drop('L71', path);
      return [];
    case 'text':
    case 'refusal':
    case 'media':
      return partFromIr(part, path, losses);
  }
}

/** This wire wants an object: free text goes under `input`, and nothing at all is an empty object. */
function toolInput({ kind, argumentsText }: Extract<Part, { type: 'tool-call' }>): Record<string, unknown> {
  if (kind === 'custom') return { input: argumentsText };
  const parsed = tryParseJson(argumentsText);
  return isJsonObject(parsed) ? parsed : {};
}

/**
 * As in a request, but reasoning is shown whoever made it, and its required signature may be empty. A call whose
 * arguments the limit has cut is left out: half of one must not look like one that can be carried out.
 */
export function answerBlocks(part: ResponsePart, path: string, losses: LossList): WireBlock[] {
  const raw = own(part.raw);
  if (raw) return [raw as WireBlock];
  if (part.type === 'tool-call' && part.kind === 'function' && !isJsonObject(tryParseJson(part.argumentsText || '{}')))
    return [];
  if (part.type !== 'reasoning' || part.visibility === 'redacted') return answerFromIr(part, path, losses);
  const capsule = part.capsules?.find(({ origin }) => origin.protocol === protocol);
  return [{ type: 'thinking', thinking: part.segments.join('\n\n'), signature: capsule?.data ?? '' }];
}

/** A part that came in one piece, for a stream; what has no block here was told before the stream began. */
export const wholeBlocks = (part: ResponsePart): WireBlock[] => answerBlocks(part, 'parts', createLossList());

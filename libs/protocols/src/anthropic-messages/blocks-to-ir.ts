import type { JsonObject, JsonValue } from '@bytespike/kernel';
import type {
  Capsule,
  CacheMark,
  DocumentPart,
  MediaPart,
  Part,
  ServerToolFamily,
  TextPart,
  ToolResultContent,
} from '@bytespike/ir';

import { writeExact } from '../exact-json.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { mediaTypeOf } from '../media-source.js';
import {
  isKnownBlock,
  isKnownResultBlock,
  type WireBlock,
  type WireKnownBlock,
  type WireResultBlock,
  type WireTextBlock,
} from './schema.js';
import { wasFoundElsewhere } from './web-search.js';

const protocol = 'anthropic-messages' as const;
const TTL = { '5m': '5m', '1h': '1h' } as const satisfies Record<string, NonNullable<CacheMark['ttl']>>;

export const rawOf = (value: object) => ({ raw: { protocol, value: value as JsonObject } });

export const cacheOf = (mark: WireTextBlock['cache_control']): { cache?: CacheMark } =>
  mark ? { cache: given({ ttl: lookUp(TTL, mark.ttl) }) } : {};

export const textToIr = (block: WireTextBlock): TextPart => ({
  type: 'text',
  text: block.text,
  ...(block.citations?.length && {
    citations: block.citations.map((citation) => ({
      ...given({
        url: typeof citation['url'] === 'string' ? citation['url'] : undefined,
        title: typeof citation['title'] === 'string' ? citation['title'] : undefined,
        citedText: typeof citation['cited_text'] === 'string' ? citation['cited_text'] : undefined,
      }),
      ...(!wasFoundElsewhere(citation) && rawOf(citation)),
    })),
  }),
  ...cacheOf(block.cache_control),
  ...(!block.citations?.some(wasFoundElsewhere) && rawOf(block)),
});

type Block<T extends WireKnownBlock['type']> = Extract<WireKnownBlock, { type: T }>;

function imageToIr(block: Block<'image'>): MediaPart {
  const { source } = block;
  return {
    type: 'media',
    kind: 'image',
    source:
      source.type === 'base64'
        ? { type: 'inline', mediaType: mediaTypeOf(source.media_type), base64: source.data }
        : source.type === 'url'
          ? { type: 'url', url: source.url }
          : { type: 'file', protocol, id: source.file_id },
    ...(Object.keys(block.transformations ?? {}).length > 0 && { transformed: true }),
    ...cacheOf(block.cache_control),
    ...rawOf(block),
  };
}

const citableOf = (block: Block<'document' | 'search_result'>): { citable?: true } =>
  block.citations?.enabled === true ? { citable: true } : {};

function documentToIr(block: Block<'document'>): MediaPart | DocumentPart {
  const { source, title, context } = block;
  const shared = { ...given({ context }), ...citableOf(block), ...cacheOf(block.cache_control), ...rawOf(block) };
  if (source.type === 'text' || source.type === 'content') {
    const content = source.type === 'text' ? source.data : source.content;
    const parts: DocumentPart['parts'] =
      typeof content === 'string'
        ? [{ type: 'text', text: content }]
        : content.map((part) => (part.type === 'text' ? textToIr(part) : imageToIr(part)));
    return { type: 'document', parts, ...given({ title }), ...shared };
  }
  const media: MediaPart['source'] =
    source.type === 'base64'
      ? { type: 'inline', mediaType: mediaTypeOf(source.media_type), base64: source.data }
      : source.type === 'url'
        ? { type: 'url', url: source.url, mediaType: 'application/pdf' }
        : { type: 'file', protocol, id: source.file_id };
  return { type: 'media', kind: 'pdf', source: media, ...given({ name: title }), ...shared };
}

const searchResultToIr = (block: Block<'search_result'>) => ({
  type: 'search-result' as const,
  source: block.source,
  title: block.title,
  parts: block.content.map(textToIr),
  ...citableOf(block),
  ...cacheOf(block.cache_control),
  ...rawOf(block),
});

const opaque = (block: object) => ({ type: 'opaque' as const, protocol, data: block as JsonObject });

function resultContentToIr(block: WireResultBlock): ToolResultContent {
  if (!isKnownResultBlock(block)) return opaque(block);
  switch (block.type) {
    case 'text':
      return textToIr(block);
    case 'image':
      return imageToIr(block);
    case 'document':
      return documentToIr(block);
    case 'search_result':
      return searchResultToIr(block);
    case 'tool_reference':
      return { type: 'tool-reference', name: block.tool_name, ...rawOf(block) };
  }
}

const FAMILIES: readonly (readonly [RegExp, ServerToolFamily])[] = [
  [/^web_search/, 'web-search'],
  [/^web_fetch/, 'web-fetch'],
  [/code_execution/, 'code'],
  [/^tool_search/, 'tool-search'],
  [/^mcp_/, 'mcp'],
];

/** What a server tool is for, by the name of its block or the dated type of its declaration. */
export const familyOf = (name: string): ServerToolFamily =>
  FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';

export function blockToIr(block: WireBlock): Part {
  if (!isKnownBlock(block)) return opaque(block);
  switch (block.type) {
    case 'text':
      return textToIr(block);
    case 'image':
      return imageToIr(block);
    case 'document':
      return documentToIr(block);
    case 'search_result':
      return searchResultToIr(block);
    case 'tool_result': {
      const { content } = block;
      return {
        type: 'tool-result',
        callId: block.tool_use_id,
        form: typeof content === 'string' ? 'string' : 'parts',
        content:
          typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []).map(resultContentToIr),
        ...given({ isError: block.is_error }),
        ...cacheOf(block.cache_control),
        ...rawOf(block),
      };
    }
    case 'web_search_tool_result':
      return {
        type: 'server-tool-result',
        callId: block.tool_use_id,
        family: 'web-search',
        sources: webSources(block.content),
        ...(!wasFoundElsewhere(block) && rawOf(block)),
      };
    default:
      return answerBlockToIr(block);
  }
}

/** A look-alike's thinking, which nobody signed: its own state, to its vendor alone. */
export const UNSIGNED_THOUGHT: Capsule = { origin: { protocol }, kind: 'plain-reasoning', data: '' };

/** The blocks a model itself writes, besides text. */
function answerBlockToIr(block: Block<'thinking' | 'redacted_thinking' | 'tool_use' | 'server_tool_use'>): Part {
  switch (block.type) {
    case 'thinking':
      return {
        type: 'reasoning',
        visibility: 'summary',
        segments: block.thinking === '' ? [] : [block.thinking],
        ...(block.signature && { capsules: [{ origin: { protocol }, kind: 'signature', data: block.signature }] }),
        ...rawOf(block),
      };
    case 'redacted_thinking':
      return {
        type: 'reasoning',
        visibility: 'redacted',
        segments: [],
        capsules: [{ origin: { protocol }, kind: 'redacted', data: block.data }],
        ...rawOf(block),
      };
    case 'tool_use':
      return {
        type: 'tool-call',
        id: block.id,
        name: block.name,
        kind: 'function',
        argumentsText: writeExact(block.input),
        ...cacheOf(block.cache_control),
        ...rawOf(block),
      };
    case 'server_tool_use':
      return {
        type: 'server-tool-call',
        id: block.id,
        family: familyOf(block.name),
        input: block.input as JsonObject,
        ...rawOf(block),
      };
  }
}

function webSources(content: unknown): readonly { url: string; title?: string }[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((entry: JsonValue | null) => {
    const source = entry as { readonly url?: unknown; readonly title?: unknown } | null;
    if (typeof source?.url !== 'string') return [];
    return [{ url: source.url, ...(typeof source.title === 'string' && { title: source.title }) }];
  });
}

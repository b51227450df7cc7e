import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { CacheMark, DocumentPart, MediaPart, Part, Raw, ToolResultContent, ToolResultPart } from '@bytespike/ir';

import type { MessagesCompatibility } from '../compatibility/messages.js';
import { readArguments } from '../exact-json.js';
import { given } from '../given.js';
import type { LossList } from '../losses.js';
import { isWrapped } from '../wrapped-arguments.js';
import { cleanThinking, thinkingFromIr } from './thinking-from-ir.js';
import type { WireBlock } from './schema.js';

const protocol = 'anthropic-messages' as const;
const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** What the turns are written for. */
export interface Writing {
  readonly vendor: string;
  readonly to: MessagesCompatibility;
  readonly losses: LossList;
}

/** A node as this wire itself wrote it. */
export const own = (raw: Raw | undefined): JsonObject | undefined =>
  raw?.protocol === protocol ? raw.value : undefined;

export const cacheFromIr = (cache: CacheMark | undefined) =>
  cache ? { cache_control: { type: 'ephemeral', ...given({ ttl: cache.ttl }) } } : {};

/** Whether the vendor understands a part, so that it may go as this wire wrote it. */
function isWelcome(part: Part | ToolResultContent, to: MessagesCompatibility): boolean {
  switch (part.type) {
    case 'media':
      return to[part.kind === 'image' ? 'images' : 'documents'] === 'send' && !isForeignFile(part, to);
    case 'document':
    case 'search-result':
      return to.documents === 'send';
    case 'tool-result':
      return part.content.every((inner) => isWelcome(inner, to));
    case 'tool-reference':
    case 'opaque':
    case 'server-tool-call':
    case 'server-tool-result':
      return to.hostedTools === 'send';
    case 'text':
      return part.text !== '';
    case 'refusal':
    case 'tool-call':
      return true;
    case 'reasoning':
      return false;
  }
}

/** Ids of files are known to the wire's owner alone. */
const isForeignFile = ({ source }: MediaPart, to: MessagesCompatibility): boolean =>
  source.type === 'file' && (source.protocol !== protocol || to.ownFields === 'drop');

/** A part as blocks: usually one, none where it cannot be carried, several where it holds parts of its own. */
export function partFromIr(part: Part | ToolResultContent, path: string, writing: Writing): WireBlock[] {
  const { to, losses } = writing;
  const raw = own(part.raw);
  if (raw && isWelcome(part, to)) return [(part.type === 'text' ? withoutFileIds(raw, to) : raw) as WireBlock];
  const cache = cacheFromIr(part.cache);
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, ...citationsOf(part, to), ...cache }];
    case 'media':
      return mediaFromIr(part, path, writing);
    case 'document':
      return documentFromIr(part, path, writing);
    case 'search-result': {
      const content = part.parts.map(({ text }) => ({ type: 'text' as const, text }));
      if (to.documents === 'send')
        return [{ type: 'search_result', source: part.source, title: part.title, content, ...cache }];
      losses.approximate('L13', path);
      return [{ type: 'text', text: [part.title, part.source, ...content.map(({ text }) => text)].join('\n') }];
    }
    case 'reasoning': {
      if (raw && raw['cache_control']) losses.drop('L83', `${path}.cache_control`);
      const block = thinkingFromIr(part, writing);
      if (!block) losses.drop('L40', path);
      return block ? [raw && block.signature === raw['signature'] ? (cleanThinking(raw) as WireBlock) : block] : [];
    }
    case 'tool-call': {
      const input = toolInput(part);
      if (isWrapped(part, input)) losses.approximate('L87', `${path}.arguments`);
      return [{ type: 'tool_use', id: part.id, name: part.name, input, ...cache }];
    }
    case 'tool-result':
      return [resultFromIr(part, path, writing)];
    case 'tool-reference':
      if (to.hostedTools === 'send') return [{ type: 'tool_reference', tool_name: part.name }];
      losses.approximate('L26', path);
      return [{ type: 'text', text: `The tool "${part.name}" is available now.` }];
    case 'opaque':
      if (part.protocol === protocol && to.hostedTools === 'send') return [part.data as WireBlock];
      losses.drop('L71', path);
      return [];
    case 'server-tool-call':
    case 'server-tool-result':
      losses.drop('L71', path);
      return [];
  }
}

/** Citations this wire wrote itself; another's point into texts and offsets that it does not have. */
function citationsOf(part: Extract<Part, { type: 'text' | 'refusal' }>, to: MessagesCompatibility) {
  if (part.type !== 'text' || to.hostedTools === 'drop') return {};
  const citations = (part.citations ?? []).map(({ raw }) => own(raw)).filter((one) => one !== undefined);
  return citations.length > 0
    ? { citations: citations.map((citation) => withoutFileId(citation) as { type: string }) }
    : {};
}

/** Answers name the file a citation is from; requests may not (protocols 1.1). */
function withoutFileIds(block: JsonObject, to: MessagesCompatibility): JsonObject {
  const { citations, ...rest } = block;
  if (!Array.isArray(citations) || citations.length === 0) return block;
  if (to.hostedTools === 'drop') return rest;
  const list = citations as readonly JsonObject[];
  return list.some((citation) => 'file_id' in citation)
    ? { ...block, citations: list.map((one) => withoutFileId(one)) }
    : block;
}

function withoutFileId({ file_id: _file, ...citation }: JsonObject): JsonObject {
  return citation;
}

function mediaFromIr(part: MediaPart, path: string, { to, losses }: Writing): WireBlock[] {
  const { source, kind } = part;
  const refuse = (code: 'L11' | 'L14'): WireBlock[] => {
    losses.drop(code, path);
    return [];
  };
  if (kind !== 'image' && kind !== 'pdf') return refuse('L14');
  if (to[kind === 'image' ? 'images' : 'documents'] === 'reject') return refuse('L14');
  if (isForeignFile(part, to)) return refuse('L11');
  if (kind === 'image' && source.type === 'inline' && !IMAGE_TYPES.includes(source.mediaType)) return refuse('L14');
  if (part.detail !== undefined && part.detail !== 'auto') losses.drop('L12', `${path}.detail`);
  const wireSource =
    source.type === 'inline'
      ? { type: 'base64' as const, media_type: source.mediaType, data: source.base64 }
      : source.type === 'url'
        ? { type: 'url' as const, url: source.url }
        : { type: 'file' as const, file_id: source.id };
  const cache = cacheFromIr(part.cache);
  if (kind === 'image') return [{ type: 'image', source: wireSource, ...cache }];
  return [{ type: 'document', source: wireSource, ...given({ title: part.name, context: part.context }), ...cache }];
}

function documentFromIr(part: DocumentPart, path: string, writing: Writing): WireBlock[] {
  const { title, context } = part;
  const content = part.parts.flatMap((inner) => partFromIr(inner, path, writing));
  if (writing.to.documents === 'send')
    return [
      {
        type: 'document',
        source: { type: 'content', content },
        ...given({ title, context }),
        ...cacheFromIr(part.cache),
      },
    ];
  writing.losses.approximate('L13', path);
  const heading = [title, context].filter((line) => line !== undefined).join('\n');
  return heading === '' ? content : [{ type: 'text', text: heading }, ...content];
}

function resultFromIr(part: ToolResultPart, path: string, writing: Writing): WireBlock {
  const { to, losses } = writing;
  const content = part.content.flatMap((inner, nth) => {
    const at = `${path}.content.${nth}`;
    // What a client's own tool answered is no history of tools that a vendor ran.
    if (inner.type !== 'opaque' || (inner.protocol === protocol && to.hostedTools === 'send'))
      return partFromIr(inner, at, writing);
    losses.drop('L14', at);
    return [];
  });
  const [only] = part.content;
  const whole = part.form === 'string' && part.content.length === 1 && only?.type === 'text';
  return {
    type: 'tool_result',
    tool_use_id: part.callId,
    content: whole ? only.text : content,
    ...given({ is_error: part.isError }),
    ...cacheFromIr(part.cache),
  };
}

/** This wire wants an object: free text goes under `input`, and nothing at all is an empty object. */
export function toolInput({ kind, argumentsText }: Extract<Part, { type: 'tool-call' }>): Record<string, unknown> {
  if (kind === 'custom') return { input: argumentsText };
  const parsed = readArguments(argumentsText);
  if (isJsonObject(parsed)) return parsed;
  // What a model wrote instead of an object is kept for it to see, as free text is.
  return argumentsText.trim() === '' ? {} : { input: argumentsText };
}

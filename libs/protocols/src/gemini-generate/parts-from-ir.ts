import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { DocumentPart, MediaPart, Part, SearchResultPart, ToolCallPart, ToolResultPart } from '@bytespike/ir';

import type { GeminiCompatibility } from '../compatibility/gemini.js';
import { readArguments } from '../exact-json.js';
import { given } from '../given.js';
import type { LossList } from '../losses.js';
import { isOwnAddress } from './parts-to-ir.js';
import type { WirePart } from './schema.js';

const protocol = 'gemini-generate' as const;

const RESOLUTION = {
  auto: undefined,
  low: 'MEDIA_RESOLUTION_LOW',
  high: 'MEDIA_RESOLUTION_HIGH',
  original: 'MEDIA_RESOLUTION_HIGH',
} as const satisfies Record<NonNullable<MediaPart['detail']>, string | undefined>;

/** A part as this wire itself wrote it. */
export const ownPart = ({ raw }: Pick<Part, 'raw'>): WirePart | undefined =>
  raw?.protocol === protocol ? (raw.value as WirePart) : undefined;

/** What a user says, as parts: usually one, none where it cannot be carried. */
export function contentFromIr(part: Part, path: string, losses: LossList): WirePart[] {
  const own = ownPart(part);
  if (own) return [own];
  if (part.cache) losses.drop('L83', `${path}.cache_control`);
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'media':
      return mediaFromIr(part, path, losses);
    case 'document':
    case 'search-result':
      return flattened(part, path, losses);
    case 'opaque':
      if (part.protocol === protocol) return [part.data as WirePart];
      losses.drop('L71', path);
      return [];
    case 'server-tool-call':
    case 'server-tool-result':
      losses.drop('L71', path);
      return [];
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
      losses.drop('L14', path);
      return [];
  }
}

/** Media, and in front of it what is said of it: nobody can be made to cite it here. */
function mediaFromIr(part: MediaPart, path: string, losses: LossList): WirePart[] {
  const { context, citable } = part;
  const media = fileFromIr(part, path, losses);
  if (media.length > 0 && part.transformed) losses.drop('L12', `${path}.transformations`);
  if (media.length === 0 || (context === undefined && !citable)) return media;
  losses.approximate('L13', path);
  return context === undefined ? media : [{ text: context }, ...media];
}

/** This wire reads media of every kind. An address it would have to fetch is one it may not reach. */
function fileFromIr(part: MediaPart, path: string, losses: LossList): WirePart[] {
  const { source, detail, name } = part;
  const resolution = detail && RESOLUTION[detail];
  const shared = given({ mediaResolution: resolution && { level: resolution } });
  if (detail === 'original') losses.approximate('L12', `${path}.detail`);
  switch (source.type) {
    case 'inline': {
      const inlineData = { mimeType: source.mediaType, data: source.base64, ...given({ displayName: name }) };
      return [{ inlineData, ...shared }];
    }
    case 'file':
      if (source.protocol === protocol) return [{ fileData: { fileUri: source.id }, ...shared }];
      losses.drop('L11', path);
      return [];
    case 'url':
      if (isOwnAddress(source.url))
        return [{ fileData: { fileUri: source.url, ...given({ mimeType: source.mediaType }) }, ...shared }];
      losses.drop('L10', path);
      return [];
  }
}

function flattened(part: DocumentPart | SearchResultPart, path: string, losses: LossList): WirePart[] {
  losses.approximate('L13', path);
  const heading = part.type === 'document' ? [part.title, part.context] : [part.title, part.source];
  const text = heading.filter((line) => line !== undefined && line !== '').join('\n');
  const body = part.parts.flatMap((inner: Part) => contentFromIr(inner, path, losses));
  return text === '' ? body : [{ text }, ...body];
}

/** This wire wants an object: free text goes under `input`, and nothing at all is an empty object. */
export function callArguments({ kind, argumentsText }: Pick<ToolCallPart, 'kind' | 'argumentsText'>): JsonObject {
  if (kind === 'custom') return { input: argumentsText };
  const parsed = readArguments(argumentsText);
  if (isJsonObject(parsed)) return parsed;
  // What a model wrote instead of an object is kept for it to see, as free text is.
  return argumentsText.trim() === '' ? {} : { input: argumentsText };
}

/** A function's response, and media that had to be put beside it. */
export interface WrittenResult {
  readonly response: WirePart;
  readonly beside: readonly WirePart[];
}

/** Text that is a value stays text: what was said under `output` comes back as it went (protocols 2.5). */
export function resultFromIr(
  part: ToolResultPart,
  { name, id, path }: { readonly name: string; readonly id: string | undefined; readonly path: string },
  { resultMedia }: GeminiCompatibility,
  losses: LossList,
): WrittenResult {
  const own = ownPart(part);
  if (own) return { response: own, beside: [] };
  if (part.cache) losses.drop('L83', `${path}.cache_control`);
  const written = part.content.flatMap((inner, index): WirePart[] => {
    const at = `${path}.content.${index}`;
    // What a client's own tool answered is no history of tools that a vendor ran.
    if (inner.type === 'opaque' && inner.protocol !== protocol) {
      losses.drop('L14', at);
      return [];
    }
    if (inner.type !== 'tool-reference') return contentFromIr(inner, at, losses);
    losses.approximate('L26', at);
    return [{ text: `The tool "${inner.name}" is available now.` }];
  });
  const text = written.flatMap((inner) => (inner.text === undefined ? [] : [inner.text])).join('\n');
  const media = written.filter((inner) => inner.inlineData !== undefined || inner.fileData !== undefined);
  const response = part.isError === true ? { error: text } : text === '' && media.length > 0 ? {} : { output: text };
  const beside = resultMedia === 'beside' && media.length > 0;
  if (beside) losses.approximate('L30', path);
  const parts = media.map(({ inlineData, fileData }) => given({ inlineData, fileData }));
  return {
    response: {
      functionResponse: { ...given({ id }), name, response, ...(parts.length > 0 && !beside && { parts }) },
    },
    beside: beside ? [{ text: `Media returned by the call of ${name}:` }, ...media] : [],
  };
}

import { isJsonObject } from '@bytespike/kernel';
import type { GrowingPart, WholePart } from '@bytespike/ir';

import { readArguments } from '../exact-json.js';
import { given } from '../given.js';
import { isTooDeep } from '../json-depth.js';
import type { WireAnswerPart } from './schema.js';
import { BYPASS } from './thought-signature.js';

type Call = Extract<GrowingPart, { readonly type: 'tool-call' }>;

/**
 * A call in one piece, as this wire tells them; none where the limit has cut its arguments, since half of a call must
 * not look like one that can be carried out. The first of an answer is always signed: the client may take the
 * conversation to a model that refuses calls without, and a word stands in where there was nothing to sign with.
 */
export function partOfCall(
  { id, name, kind }: Call,
  argumentsText: string,
  signature: string | undefined,
  callsBefore: number,
): WireAnswerPart | undefined {
  const isText = kind === 'custom' || isTooDeep(argumentsText);
  const parsed = isText ? { input: argumentsText } : readArguments(argumentsText || '{}');
  if (!isJsonObject(parsed)) return undefined;
  const thoughtSignature = signature ?? (callsBefore === 0 ? BYPASS : undefined);
  return { functionCall: { id, name, args: { ...parsed } }, ...given({ thoughtSignature }) };
}

/** A part that came whole, as this wire says it; what only another wire's clients understand is left out. */
export function partsOfWhole(part: WholePart): readonly WireAnswerPart[] {
  if (part.type === 'opaque') return part.protocol === 'gemini-generate' ? [part.data as WireAnswerPart] : [];
  if (part.type !== 'media') return [];
  const { source, name } = part;
  const displayName = given({ displayName: name });
  switch (source.type) {
    case 'inline':
      return [{ inlineData: { mimeType: source.mediaType, data: source.base64, ...displayName } }];
    case 'url':
      return [{ fileData: { fileUri: source.url, ...given({ mimeType: source.mediaType }), ...displayName } }];
    case 'file':
      return source.protocol === 'gemini-generate' ? [{ fileData: { fileUri: source.id, ...displayName } }] : [];
  }
}

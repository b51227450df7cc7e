import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { MEDIA_LIMITS } from '../media-limits.js';
import { garbled } from '../wire/read-answer.js';
import type { AssetReference, Rendered, RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';

/** What one answer brought: fewer pictures than asked for are what came, and none is a failure. */
export function readPictures(body: JsonObject): RenderStatus {
  const { data, error, usage, output_format: format } = body;
  if (isJsonObject(error)) return { state: 'failed', word: 'error', failure: errors.ofBody(error) };
  const items = Array.isArray(data) ? (data as readonly JsonValue[]) : [];
  const drawn = items.flatMap((item) => (isJsonObject(item) ? drawnIn(item, format) : []));
  const [first, ...others] = drawn.map(({ asset }) => asset);
  if (!first) return { state: 'failed', word: 'no pictures', failure: garbled('the answer holds no picture') };
  const assets = [first, ...others] as const;
  const rendered = { images: assets.length, ...tokensOf(usage) };
  const revisedPrompts = drawn.map(({ revisedPrompt }) => revisedPrompt);
  const isRevised = revisedPrompts.some((prompt) => prompt !== null);
  return { state: 'succeeded', word: 'answered', assets, rendered, ...(isRevised && { revisedPrompts }) };
}

interface DrawnItem {
  readonly asset: AssetReference;
  readonly revisedPrompt: string | null;
}

function drawnIn(item: JsonObject, format: JsonValue | undefined): readonly DrawnItem[] {
  const asset = assetReference(item, format);
  const { revised_prompt: told } = item;
  const isPrompt = typeof told === 'string' && told !== '' && told.length <= MEDIA_LIMITS.revisedPromptCharactersMax;
  return asset ? [{ asset, revisedPrompt: isPrompt ? told : null }] : [];
}

export const tokensOf = (usage: JsonValue | undefined): Pick<Rendered, 'tokens'> =>
  isJsonObject(usage) && typeof usage.total_tokens === 'number' ? { tokens: usage.total_tokens } : {};

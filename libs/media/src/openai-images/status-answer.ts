import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { garbled } from '../wire/read-answer.js';
import type { Rendered, RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';

/** What one answer brought: fewer pictures than asked for are what came, and none is a failure. */
export function readPictures(body: JsonObject): RenderStatus {
  const { data, error, usage, output_format: format } = body;
  if (isJsonObject(error)) return { state: 'failed', word: 'error', failure: errors.ofBody(error) };
  const items = Array.isArray(data) ? (data as readonly JsonValue[]) : [];
  const [first, ...others] = items.flatMap((item) => (isJsonObject(item) ? (assetReference(item, format) ?? []) : []));
  if (!first) return { state: 'failed', word: 'no pictures', failure: garbled('the answer holds no picture') };
  const assets = [first, ...others] as const;
  return { state: 'succeeded', word: 'answered', assets, rendered: { images: assets.length, ...tokensOf(usage) } };
}

export const tokensOf = (usage: JsonValue | undefined): Pick<Rendered, 'tokens'> =>
  isJsonObject(usage) && typeof usage.total_tokens === 'number' ? { tokens: usage.total_tokens } : {};

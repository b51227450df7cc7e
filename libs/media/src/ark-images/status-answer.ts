import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { garbled } from '../wire/read-answer.js';
import type { Rendered, RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';

/** What one answer brought. Single pictures may have failed: what came is what counts, and none is a failure. */
export function readPictures(body: JsonObject): RenderStatus {
  const { data, error, usage } = body;
  const items = Array.isArray(data) ? (data as readonly JsonValue[]).filter(isJsonObject) : [];
  const [first, ...others] = items.flatMap((item) => assetReference(item) ?? []);
  if (first) {
    const assets = [first, ...others] as const;
    return { state: 'succeeded', word: 'answered', assets, rendered: { images: assets.length, ...tokensOf(usage) } };
  }
  const told = isJsonObject(error) ? error : items.map((item) => item.error).find(isJsonObject);
  const failure = told ? errors.ofBody(told) : garbled('the answer holds no picture');
  return { state: 'failed', word: told ? 'error' : 'no pictures', failure };
}

const tokensOf = (usage: JsonValue | undefined): Pick<Rendered, 'tokens'> =>
  isJsonObject(usage) && typeof usage.total_tokens === 'number' ? { tokens: usage.total_tokens } : {};

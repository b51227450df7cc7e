import { isJsonObject, type JsonValue } from '@bytespike/kernel';

import type { PictureEvent } from '../wire/picture-event.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';
import { tokensOf } from './status-answer.js';

/** Generations and edits have the same events under two names. */
const PARTIAL = /^image_(generation|edit)\.partial_image$/;
const COMPLETED = /^image_(generation|edit)\.completed$/;

/** One record of the vendor's stream; absent for one that says nothing we know. Fewer partials than asked may come. */
export function readPictureEvent(record: JsonValue): PictureEvent | undefined {
  if (!isJsonObject(record)) return undefined;
  const { type, error, output_format: format, partial_image_index: index, usage } = record;
  if (type === 'error' || isJsonObject(error))
    return { type: 'failed', failure: errors.ofBody(isJsonObject(error) ? error : { ...record, type: null }) };
  const asset = assetReference(record, format);
  if (typeof type !== 'string' || !asset) return undefined;
  if (PARTIAL.test(type)) return { type: 'partial', index: typeof index === 'number' ? index : 0, asset };
  return COMPLETED.test(type) ? { type: 'completed', asset, rendered: tokensOf(usage) } : undefined;
}

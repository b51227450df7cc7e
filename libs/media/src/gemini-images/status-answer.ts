import { isJsonObject, type ErrorKind, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { keptWords } from '../wire/kept-words.js';
import { mediaFailure } from '../wire/media-errors.js';
import type { Rendered, RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';

/** Why there is no picture, by the vendor's own word; it says so with status 200 (media-ledger-reliability 1.5). */
const REASONS: Readonly<Record<string, ErrorKind>> = {
  IMAGE_SAFETY: 'upstream-blocked',
  IMAGE_PROHIBITED_CONTENT: 'upstream-blocked',
  IMAGE_RECITATION: 'upstream-blocked',
  SAFETY: 'upstream-blocked',
  PROHIBITED_CONTENT: 'upstream-blocked',
  BLOCKLIST: 'upstream-blocked',
  RECITATION: 'upstream-blocked',
  SPII: 'upstream-blocked',
  MODEL_ARMOR: 'upstream-blocked',
  JAILBREAK: 'upstream-blocked',
  // It answered in words: another prompt may help, another try will not.
  NO_IMAGE: 'upstream-refused',
  STOP: 'upstream-refused',
  IMAGE_OTHER: 'upstream-transient',
  OTHER: 'upstream-transient',
};

const SAID: Partial<Readonly<Record<ErrorKind, string>>> = {
  'upstream-refused': 'The model answered without a picture. Ask for one more plainly.',
};

/** What one answer brought; without a picture it is a failure, whatever its status was. */
export function readPictures(body: JsonObject): RenderStatus {
  const candidates = objects(body.candidates);
  const parts = candidates.flatMap(({ content }) => (isJsonObject(content) ? objects(content.parts) : []));
  const [first, ...others] = parts.flatMap((part) => assetReference(part) ?? []);
  if (first) {
    const assets = [first, ...others] as const;
    return { state: 'succeeded', word: 'answered', assets, rendered: { images: assets.length, ...tokensOf(body) } };
  }
  const reason = reasonOf(body, candidates);
  const kind = REASONS[reason] ?? 'upstream-garbled';
  return { state: 'failed', word: reason, failure: mediaFailure(kind, SAID[kind] ?? `no picture: ${reason}`) };
}

const objects = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];

/** A refused prompt has no candidates; its feedback tells. */
function reasonOf({ promptFeedback }: JsonObject, candidates: readonly JsonObject[]): string {
  const blocked = isJsonObject(promptFeedback) ? promptFeedback.blockReason : undefined;
  const told = [blocked, ...candidates.map(({ finishReason }) => finishReason)];
  return keptWords(told.find((word) => typeof word === 'string')?.slice(0, 100) ?? 'no reason');
}

const tokensOf = ({ usageMetadata }: JsonObject): Pick<Rendered, 'tokens'> =>
  isJsonObject(usageMetadata) && typeof usageMetadata.totalTokenCount === 'number'
    ? { tokens: usageMetadata.totalTokenCount }
    : {};

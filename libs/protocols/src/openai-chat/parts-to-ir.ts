import type { JsonObject } from '@bytespike/kernel';
import type { CacheMark, MediaPart, OpaquePart, RefusalPart, TextPart } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { mediaTypeOf, sourceOfAddress, sourceOfFileData } from '../media-source.js';
import { type WireMessage } from './schema.js';
import { isKnownPart, type WireKnownPart, type WirePart } from './schema-parts.js';

const protocol = 'openai-chat' as const;
const DETAILS = ['auto', 'low', 'high', 'original'] as const;
const AUDIO_TYPE: Readonly<Record<string, string>> = { mp3: 'audio/mpeg', wav: 'audio/wav' };

type ContentPart = TextPart | MediaPart | RefusalPart | OpaquePart;

/** A message's content, whichever of its three forms it has. */
export function contentToIr(content: WireMessage['content']): readonly ContentPart[] {
  if (content === undefined || content === null) return [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(partToIr);
}

function partToIr(part: WirePart): ContentPart {
  if (!isKnownPart(part)) return { type: 'opaque', protocol, data: part as JsonObject };
  const shared = { ...cacheToIr(part), raw: { protocol, value: part as JsonObject } };
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...shared };
    case 'refusal':
      return { type: 'refusal', text: part.refusal, ...shared };
    case 'image_url': {
      const { url, detail } = part.image_url;
      const known = DETAILS.find((word) => word === detail);
      return { type: 'media', kind: 'image', source: sourceOfAddress(url), ...given({ detail: known }), ...shared };
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const mediaType = lookUp(AUDIO_TYPE, format) ?? mediaTypeOf(`audio/${format}`);
      return { type: 'media', kind: 'audio', source: { type: 'inline', mediaType, base64: data }, ...shared };
    }
    case 'file':
      return { ...fileToIr(part), ...shared };
  }
}

const TTL = ['30m', '1h', '12h'] as const satisfies readonly CacheMark['ttl'][];

/** A mark up to which the caller wants the prompt cached. */
function cacheToIr(part: WireKnownPart): { cache?: CacheMark } {
  const mark = 'prompt_cache_breakpoint' in part ? part.prompt_cache_breakpoint : undefined;
  if (typeof mark !== 'object' || mark === null) return {};
  const { ttl } = mark as { readonly ttl?: unknown };
  return { cache: given({ ttl: TTL.find((known) => known === ttl) }) };
}

function fileToIr({ file }: Extract<WireKnownPart, { type: 'file' }>): MediaPart {
  const { file_data, file_id, filename } = file;
  const source: MediaPart['source'] = file_data
    ? sourceOfFileData(file_data, filename)
    : { type: 'file', protocol, id: file_id ?? '' };
  const isPdf = source.type !== 'inline' || source.mediaType === 'application/pdf';
  return { type: 'media', kind: isPdf ? 'pdf' : 'file', source, ...given({ name: filename }) };
}

import type { JsonObject } from '@bytespike/kernel';
import type { CacheMark, MediaPart, OpaquePart, RefusalPart, TextPart } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
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
      return { type: 'media', kind: 'image', source: urlToSource(url), ...given({ detail: known }), ...shared };
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const mediaType = lookUp(AUDIO_TYPE, format) ?? `audio/${format}`;
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
    ? urlToSource(file_data)
    : { type: 'file', protocol, id: file_id ?? '' };
  const isPdf = source.type !== 'inline' || source.mediaType === 'application/pdf';
  return { type: 'media', kind: isPdf ? 'pdf' : 'file', source, ...given({ name: filename }) };
}

/** `data:image/png;base64,...` holds the bytes themselves; any other address has to be fetched by the model. */
function urlToSource(url: string): MediaPart['source'] {
  const comma = url.startsWith('data:') ? url.indexOf(',') : -1;
  const header = url.slice('data:'.length, Math.max(comma, 0));
  if (comma < 0 || !header.endsWith(';base64')) return { type: 'url', url };
  return { type: 'inline', mediaType: header.slice(0, -';base64'.length), base64: url.slice(comma + 1) };
}

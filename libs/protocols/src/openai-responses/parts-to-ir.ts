import type { JsonObject } from '@bytespike/kernel';
import type { CacheMark, Citation, MediaPart, OpaquePart, RefusalPart, TextPart } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { mediaTypeOf, sourceOfAddress, sourceOfFileData } from '../media-source.js';
import {
  isKnownPart,
  type WireAnnotation,
  type WireContent,
  type WireKnownPart,
  type WirePart,
} from './schema-items.js';

const protocol = 'openai-responses' as const;
const DETAILS = ['auto', 'low', 'high', 'original'] as const;
const AUDIO_TYPE: Readonly<Record<string, string>> = { mp3: 'audio/mpeg', wav: 'audio/wav' };
const TTL = { '30m': '30m', '12h': '12h' } as const satisfies Record<string, NonNullable<CacheMark['ttl']>>;

type ContentPart = TextPart | MediaPart | RefusalPart | OpaquePart;
type Part<T extends WireKnownPart['type']> = Extract<WireKnownPart, { type: T }>;

export const rawOf = (value: object) => ({ raw: { protocol, value: value as JsonObject } });

/** The content of a message or of a tool's result, whichever of its two forms it has. */
export const contentToIr = (content: WireContent): readonly ContentPart[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(partToIr);

function partToIr(part: WirePart): ContentPart {
  if (!isKnownPart(part)) return { type: 'opaque', protocol, data: part as JsonObject };
  switch (part.type) {
    case 'input_text':
      return { type: 'text', text: part.text, ...cacheOf(part), ...rawOf(part) };
    case 'output_text': {
      const citations = (part.annotations ?? []).map(citationToIr);
      return { type: 'text', text: part.text, ...(citations.length > 0 && { citations }), ...rawOf(part) };
    }
    case 'refusal':
      return { type: 'refusal', text: part.refusal, ...rawOf(part) };
    case 'input_image': {
      const detail = given({ detail: detailOf(part.detail) });
      return { type: 'media', kind: 'image', source: imageSource(part), ...detail, ...marked(part) };
    }
    case 'input_file':
      return { ...fileToIr(part), ...marked(part) };
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const mediaType = lookUp(AUDIO_TYPE, format) ?? mediaTypeOf(`audio/${format}`);
      return { type: 'media', kind: 'audio', source: { type: 'inline', mediaType, base64: data }, ...rawOf(part) };
    }
  }
}

const detailOf = (written: string | null | undefined) => DETAILS.find((word) => word === written);

const cacheOf = ({ prompt_cache_breakpoint: mark }: Part<'input_text' | 'input_image' | 'input_file'>) =>
  mark ? { cache: given({ ttl: lookUp(TTL, mark.ttl) }) } : {};

const marked = (part: Part<'input_image' | 'input_file'>) => ({ ...cacheOf(part), ...rawOf(part) });

const imageSource = ({ image_url, file_id }: Part<'input_image'>): MediaPart['source'] =>
  image_url ? sourceOfAddress(image_url) : { type: 'file', protocol, id: file_id ?? '' };

function fileToIr({ file_data, file_url, file_id, filename, detail }: Part<'input_file'>): MediaPart {
  const source: MediaPart['source'] = file_data
    ? sourceOfFileData(file_data, filename)
    : file_url
      ? { type: 'url', url: file_url }
      : { type: 'file', protocol, id: file_id ?? '' };
  const isPdf = source.type !== 'inline' || source.mediaType === 'application/pdf';
  return {
    type: 'media',
    kind: isPdf ? 'pdf' : 'file',
    source,
    ...given({ name: filename, detail: detailOf(detail) }),
  };
}

/** Offsets are of characters, which are code points to the servers that count them. */
export function citationToIr(annotation: WireAnnotation): Citation {
  const { url, title, start_index: start, end_index: end } = annotation;
  return { ...given({ url, title, start, end }), ...rawOf(annotation) };
}

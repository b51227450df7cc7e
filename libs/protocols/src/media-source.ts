import type { MediaSource } from '@bytespike/ir';

import { lookUp } from './look-up.js';

/** What clients write for a registered media type, and vendors refuse. */
const SPELLINGS: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'application/x-pdf': 'application/pdf',
};

/** A media type by its registered name, without parameters: bytes say for themselves what those would. */
export function mediaTypeOf(written: string): string {
  const [type = ''] = written.split(';');
  const plain = type.trim().toLowerCase();
  return lookUp(SPELLINGS, plain) ?? plain;
}

const DATA_ADDRESS = /^data:([^,]*?);base64,/i;

/** `data:image/png;base64,...` holds the bytes themselves; any other address has to be fetched by the model. */
export function sourceOfAddress(url: string): MediaSource {
  const found = DATA_ADDRESS.exec(url.slice(0, HEADER_LENGTH_MAX));
  if (!found) return { type: 'url', url };
  const [header, mediaType = ''] = found;
  return { type: 'inline', mediaType: mediaTypeOf(mediaType), base64: url.slice(header.length) };
}

/** What stands in front of a data address's bytes is short; the bytes are not to be searched for it. */
const HEADER_LENGTH_MAX = 1_000;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** File data comes as a data address; bare base64, which some clients send, is what its name says. */
export function sourceOfFileData(data: string, filename: string | null | undefined): MediaSource {
  if (SCHEME.test(data)) return sourceOfAddress(data);
  const isPdf = filename?.toLowerCase().endsWith('.pdf') ?? true;
  return { type: 'inline', mediaType: isPdf ? 'application/pdf' : 'application/octet-stream', base64: data };
}

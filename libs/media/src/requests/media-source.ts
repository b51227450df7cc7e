import { isJsonObject, type JsonValue } from '@bytespike/kernel';

import { MEDIA_LIMITS } from '../media-limits.js';
import { invalidParam } from './invalid-param.js';

/** Where the bytes of an input are. An asset is one of ours, kept in the object store until a vendor is called. */
export type MediaSource =
  | { readonly type: 'address'; readonly url: string }
  | { readonly type: 'inline'; readonly mediaType: string; readonly base64: string }
  | { readonly type: 'asset'; readonly id: string; readonly mediaType: string };

const DATA_URL = /^data:([a-z]+\/[a-z0-9.+-]+);base64,/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Whether an address is well spelt, and may be fetched, is for whoever fetches it to say; here it only has to mean to be one. */
const ADDRESS = /^https?:\S+$/i;

/** An input as clients write it: an address, a data URL, or an object that holds one of them. */
export function readMediaSource(value: JsonValue, param: string): MediaSource {
  if (typeof value === 'string') return fromText(value, param);
  if (isJsonObject(value)) {
    for (const member of ['url', 'image_url'] as const) {
      const inner = value[member];
      if (inner !== undefined && inner !== null) return readMediaSource(inner, `${param}.${member}`);
    }
  }
  throw invalidParam(param, 'give an http(s) address or a data URL');
}

function fromText(text: string, param: string): MediaSource {
  const [head, mediaType] = DATA_URL.exec(text.slice(0, 128)) ?? [];
  if (head !== undefined && mediaType !== undefined) return inline(mediaType, text.slice(head.length), param);
  if (text.length > MEDIA_LIMITS.addressCharactersMax || !ADDRESS.test(text))
    throw invalidParam(param, 'give an http(s) address or a data URL');
  return { type: 'address', url: text };
}

function inline(mediaType: string, base64: string, param: string): MediaSource {
  if (base64.length > MEDIA_LIMITS.inlineCharactersMax) throw invalidParam(param, 'the image is too large');
  if (!BASE64.test(base64)) throw invalidParam(param, 'the data is not base64');
  return { type: 'inline', mediaType: mediaType.toLowerCase(), base64 };
}

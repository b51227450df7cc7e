import type { JsonObject, JsonValue } from '@bytespike/kernel';
import type { MediaPart, Part, ToolResultContent } from '@bytespike/ir';

import { writeExact } from '../exact-json.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { mediaTypeOf } from '../media-source.js';
import type { WireFunctionResponse, WirePart } from './schema.js';
import { plainBase64, readSignature, SHOWN_THOUGHT, textOfBase64 } from './thought-signature.js';

const protocol = 'gemini-generate' as const;

export const rawOf = (value: object) => ({ raw: { protocol, value: value as JsonObject } });

const DETAIL = {
  MEDIA_RESOLUTION_LOW: 'low',
  MEDIA_RESOLUTION_MEDIUM: 'auto',
  MEDIA_RESOLUTION_HIGH: 'high',
  MEDIA_RESOLUTION_ULTRA_HIGH: 'original',
} as const satisfies Record<string, NonNullable<MediaPart['detail']>>;

const KINDS: readonly (readonly [RegExp, MediaPart['kind']])[] = [
  [/^image\//, 'image'],
  [/^audio\//, 'audio'],
  [/^video\//, 'video'],
  [/^application\/pdf$/, 'pdf'],
];

/** What kind of file a media type names; one that says nothing is a file. */
const kindOf = (mediaType: string | undefined): MediaPart['kind'] =>
  KINDS.find(([pattern]) => pattern.test(mediaType ?? ''))?.[1] ?? 'file';

/** Addresses that only the vendor's own services can read: its file store, its buckets, its video site. */
const OWN_FILE =
  /^(gs:\/\/|files\/|https:\/\/generativelanguage\.googleapis\.com\/|https:\/\/(www\.)?(youtube\.com|youtu\.be)\/)/;

export const isOwnAddress = (uri: string): boolean => OWN_FILE.test(uri);

function detailOf({ mediaResolution }: WirePart): { detail?: NonNullable<MediaPart['detail']> } {
  const word = typeof mediaResolution === 'string' ? mediaResolution : mediaResolution?.level;
  return given({ detail: lookUp(DETAIL, word) });
}

type Media = Pick<WirePart, 'inlineData' | 'fileData'>;

/** Inline bytes or an address; text that came as a file is a document, which others can read. */
export function mediaToIr({ inlineData, fileData }: Media): ToolResultContent | undefined {
  if (inlineData) {
    const { data, displayName } = inlineData;
    const mimeType = mediaTypeOf(inlineData.mimeType);
    const text = mimeType.startsWith('text/') ? textOfBase64(data) : undefined;
    if (text !== undefined)
      return { type: 'document', parts: [{ type: 'text', text }], ...given({ title: displayName }) };
    const source = { type: 'inline', mediaType: mimeType, base64: plainBase64(data) } as const;
    return { type: 'media', kind: kindOf(mimeType), source, ...given({ name: displayName }) };
  }
  if (!fileData) return undefined;
  const { fileUri, displayName } = fileData;
  const mimeType = fileData.mimeType === undefined ? undefined : mediaTypeOf(fileData.mimeType);
  const own = isOwnAddress(fileUri) || !/^https?:/.test(fileUri);
  const source: MediaPart['source'] = own
    ? { type: 'file', protocol, id: fileUri }
    : { type: 'url', url: fileUri, ...given({ mediaType: mimeType }) };
  return { type: 'media', kind: kindOf(mimeType), source, ...given({ name: displayName }) };
}

const textPart = (value: JsonValue | undefined): ToolResultContent => ({
  type: 'text',
  text: typeof value === 'string' ? value : writeExact(value ?? {}),
});

/** What a function answered: `output` and `error` are the vendor's two words for it, anything else is kept as JSON. */
export function resultToIr(wire: WireFunctionResponse, callId: string): Part {
  const response = (wire.response ?? {}) as JsonObject;
  const { output, error, ...others } = response;
  const failed = error !== undefined && error !== null && output === undefined;
  const alone = Object.keys(others).length === 0;
  const said = failed && alone ? error : output !== undefined && error === undefined && alone ? output : response;
  const media = (wire.parts ?? []).flatMap((part) => mediaToIr(part) ?? []);
  const empty = media.length > 0 && Object.keys(response).length === 0;
  return {
    type: 'tool-result',
    callId,
    name: wire.name,
    form: media.length === 0 ? 'string' : 'parts',
    content: [...(empty ? [] : [textPart(said)]), ...media],
    ...(failed && { isError: true }),
    ...rawOf({ functionResponse: wire }),
  };
}

/** State that stands before the part it belongs to, or where the part is nothing but its carrier. */
export const stateOf = (wire: WirePart, kind: 'thought-signature' | 'text-signature'): readonly Part[] => {
  const capsule = readSignature(wire.thoughtSignature, kind);
  return capsule ? [{ type: 'reasoning', visibility: 'redacted', segments: [], capsules: [capsule] }] : [];
};

/** A thought, and the state it carries. The gateway puts state of other vendors on thoughts too. */
export function thoughtToIr(text: string, signature: string | undefined): Part {
  const capsule = readSignature(signature, 'thought-signature');
  const shown = text !== '';
  return {
    type: 'reasoning',
    visibility: shown ? 'summary' : 'redacted',
    segments: shown ? [text] : [],
    capsules: [capsule ?? SHOWN_THOUGHT],
  };
}

/** A part other than a thought, a call or a result, with its state as a part of its own. */
export function plainToIr(wire: WirePart): readonly Part[] {
  const { text, thoughtSignature } = wire;
  if (text !== undefined) {
    const state = stateOf(wire, 'text-signature');
    if (state.length > 0 && text === '') return state;
    return [{ type: 'text', text, ...(thoughtSignature === undefined && rawOf(wire)) }, ...state];
  }
  const media = mediaToIr(wire);
  if (!media) return [{ type: 'opaque', protocol, data: wire as JsonObject }];
  const part = media.type === 'media' ? { ...media, ...detailOf(wire) } : media;
  return [{ ...part, ...rawOf(wire) } as Part];
}

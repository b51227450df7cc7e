import type { JsonObject } from '@bytespike/kernel';
import type { CacheMark, MediaPart, Part, ToolResultPart } from '@bytespike/ir';

import type { ResponsesCompatibility } from '../compatibility/responses.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { LossList } from '../losses.js';
import type { WireKnownPart } from './schema-items.js';

const protocol = 'openai-responses' as const;
const AUDIO_FORMAT: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/wav': 'wav' };
const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** What a conversation is written for. */
export interface Writing {
  readonly vendor: string;
  readonly to: ResponsesCompatibility;
  /** Whether the model will think, as far as the request and the vendor's default say. */
  readonly thinking: 'on' | 'off';
  /** Ids of the calls that hold free text, whose results have an item of their own. */
  readonly freeCalls: ReadonlySet<string>;
  readonly losses: LossList;
}

/** A node as this wire wrote it, for a vendor who takes it back untouched. */
export const own = (node: Pick<Part, 'raw'>, { to }: Pick<Writing, 'to'>): JsonObject | undefined =>
  to.ownNodes === 'replay' && node.raw?.protocol === protocol ? node.raw.value : undefined;

/** A part as content of a message: usually one, none where it cannot be carried. */
export function contentFromIr(part: Part, path: string, writing: Writing): WireKnownPart[] {
  const { losses } = writing;
  switch (part.type) {
    case 'text': {
      const raw = own(part, writing);
      if (raw?.['type'] === 'input_text') return [raw as WireKnownPart];
      return part.text === '' ? [] : [{ type: 'input_text', text: part.text, ...markOf(part) }];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'input_text', text: part.text }];
    case 'media': {
      const raw = own(part, writing);
      return raw ? [raw as WireKnownPart] : mediaFromIr(part, path, writing);
    }
    case 'document': {
      losses.approximate('L13', path);
      const heading = [part.title, part.context].filter((line) => line !== undefined).join('\n');
      const body = part.parts.flatMap((inner) => contentFromIr(inner, path, writing));
      return marked(heading === '' ? body : [{ type: 'input_text', text: heading }, ...body], part);
    }
    case 'search-result': {
      losses.approximate('L13', path);
      const text = [part.title, part.source, ...part.parts.map((inner) => inner.text)].join('\n');
      return marked([{ type: 'input_text', text }], part);
    }
    case 'server-tool-call':
    case 'server-tool-result':
      losses.drop('L71', path);
      return [];
    case 'opaque':
      if (part.protocol === protocol && writing.to.ownNodes === 'replay') return [part.data as WireKnownPart];
      losses.drop('L14', path);
      return [];
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
      losses.drop('L14', path);
      return [];
  }
}

/** A cache mark as this wire writes it; the shortest lifetime is the one that goes without saying. */
export const markOf = ({ cache }: { readonly cache?: CacheMark }) =>
  cache
    ? { prompt_cache_breakpoint: { mode: 'explicit', ...(cache.ttl && cache.ttl !== '5m' && { ttl: cache.ttl }) } }
    : {};

/** A mark on something that cannot bear one here. */
export function loseMark(
  node: { readonly cache?: CacheMark },
  path: string,
  { losses }: Pick<Writing, 'losses'>,
): void {
  if (node.cache) losses.drop('L83', `${path}.cache_control`);
}

/** A mark of a node that became several parts stands on the last of them. */
function marked(parts: WireKnownPart[], node: Pick<Part, 'cache'>): WireKnownPart[] {
  const last = parts.at(-1);
  if (!last || !node.cache) return parts;
  return [...parts.slice(0, -1), { ...last, ...markOf(node) } as WireKnownPart];
}

function mediaFromIr(part: MediaPart, path: string, { to, losses }: Writing): WireKnownPart[] {
  const { kind, source, detail, name } = part;
  const refuse = (code: 'L10' | 'L11' | 'L14'): WireKnownPart[] => {
    losses.drop(code, path);
    return [];
  };
  if (source.type === 'file' && (source.protocol !== protocol || to.files === 'reject')) return refuse('L11');
  if (kind === 'image') {
    if (to.images === 'reject') return refuse('L14');
    if (source.type === 'inline' && !IMAGE_TYPES.includes(source.mediaType)) return refuse('L14');
    if (part.transformed) losses.drop('L12', `${path}.transformations`);
    const from = source.type === 'file' ? { file_id: source.id } : { image_url: addressOf(source) };
    return [{ type: 'input_image', ...from, detail: detail ?? 'auto', ...markOf(part) }];
  }
  if (to.files === 'reject') return refuse('L14');
  if (kind === 'audio' && source.type === 'inline') {
    const format = lookUp(AUDIO_FORMAT, source.mediaType);
    return format ? [{ type: 'input_audio', input_audio: { data: source.base64, format } }] : refuse('L14');
  }
  if (kind !== 'pdf' && kind !== 'file') return refuse('L14');
  const filename = name ?? (source.type === 'inline' ? 'document.pdf' : undefined);
  const from =
    source.type === 'file'
      ? { file_id: source.id }
      : source.type === 'url'
        ? { file_url: source.url }
        : { file_data: addressOf(source) };
  if (detail !== undefined && detail !== 'auto') losses.drop('L12', `${path}.detail`);
  // A name beside an id or an address is refused: the file has its own.
  const named = source.type === 'inline' ? given({ filename }) : {};
  const lines = [source.type === 'url' ? name : undefined, part.context].filter((line) => line !== undefined);
  // What else is said of a file is said in front of it, and nobody can be made to cite it.
  if (lines.length > 0 || part.citable) losses.approximate('L13', path);
  const said = lines.length > 0 ? [{ type: 'input_text' as const, text: lines.join('\n') }] : [];
  return [...said, { type: 'input_file', ...named, ...from, ...markOf(part) }];
}

const addressOf = (source: Extract<MediaPart['source'], { type: 'inline' | 'url' }>): string =>
  source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.base64}`;

/** What a tool answered: a string where it was one, parts where it held more than text (protocols 2.5, T48). */
export function outputFromIr(part: ToolResultPart, path: string, writing: Writing): string | WireKnownPart[] {
  const { to, losses } = writing;
  const parts = part.content.flatMap((inner, index): WireKnownPart[] => {
    const at = `${path}.content.${index}`;
    if (inner.type === 'tool-reference') {
      losses.approximate('L26', at);
      return [{ type: 'input_text', text: `The tool "${inner.name}" is available now.` }];
    }
    if (inner.type === 'media' && to.resultMedia === 'reject') {
      losses.drop('L14', at);
      return [];
    }
    return contentFromIr(inner, at, writing);
  });
  const failed = part.isError === true;
  if (failed) losses.approximate('L32', `${path}.is_error`);
  const texts = parts.flatMap((inner) => (inner.type === 'input_text' ? [inner.text] : []));
  const text = failed ? JSON.stringify({ error: texts.join('\n') }) : texts.join('\n');
  const media = parts.filter(({ type }) => type !== 'input_text');
  if (media.length === 0 && (part.form === 'string' || failed || to.textParts === 'join' || parts.length === 0)) {
    loseMark(part, path, writing);
    return text;
  }
  const said: WireKnownPart[] = failed && text !== '' ? [{ type: 'input_text', text }, ...media] : parts;
  return marked(said, part);
}

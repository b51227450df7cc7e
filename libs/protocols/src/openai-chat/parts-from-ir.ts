import type { CacheMark, MediaPart, Part, ToolResultPart } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { LossList } from '../losses.js';
import type { WireKnownPart } from './schema-parts.js';

const protocol = 'openai-chat' as const;
const AUDIO_FORMAT: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/wav': 'wav' };
const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** A user's part as parts of this wire: usually one, none where it cannot be carried. */
export function contentFromIr(part: Part, path: string, to: ChatCompatibility, losses: LossList): WireKnownPart[] {
  const content = plainContent(part, path, to, losses);
  const [last] = content.slice(-1);
  if (!part.cache || !last) return content;
  return [...content.slice(0, -1), { ...last, ...breakpointOf(part.cache) }];
}

/** A mark as this wire has it; what the vendor does not take has been left out before. */
const breakpointOf = ({ ttl }: CacheMark) => ({
  prompt_cache_breakpoint: { mode: 'explicit', ...given({ ttl: ttl === '5m' ? undefined : ttl }) },
});

function plainContent(part: Part, path: string, to: ChatCompatibility, losses: LossList): WireKnownPart[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'media':
      return mediaFromIr(part, path, to, losses);
    case 'document': {
      losses.approximate('L13', path);
      const heading = [part.title, part.context].filter((line) => line !== undefined).join('\n');
      const body = part.parts.flatMap((inner) => contentFromIr(inner, path, to, losses));
      return heading === '' ? body : [{ type: 'text', text: heading }, ...body];
    }
    case 'search-result':
      losses.approximate('L13', path);
      return [{ type: 'text', text: [part.title, part.source, ...part.parts.map(({ text }) => text)].join('\n') }];
    case 'server-tool-call':
    case 'server-tool-result':
      losses.drop('L71', path);
      return [];
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
    case 'opaque':
      losses.drop('L14', path);
      return [];
  }
}

function mediaFromIr(part: MediaPart, path: string, to: ChatCompatibility, losses: LossList): WireKnownPart[] {
  const { kind, source, detail, name } = part;
  const refuse = (code: 'L10' | 'L11' | 'L14'): WireKnownPart[] => {
    losses.drop(code, path);
    return [];
  };
  if (kind === 'image') {
    if (to.images === 'reject') return refuse('L14');
    if (source.type === 'file') return refuse('L11');
    if (source.type === 'inline' && !IMAGE_TYPES.includes(source.mediaType)) return refuse('L14');
    if (part.transformed) losses.drop('L12', `${path}.transformations`);
    const url = source.type === 'url' ? source.url : dataUrl(source);
    return [{ type: 'image_url', image_url: { url, ...given({ detail }) } }];
  }
  if (to.files === 'reject') return refuse('L14');
  if (kind === 'audio' && source.type === 'inline') {
    const format = lookUp(AUDIO_FORMAT, source.mediaType);
    return format ? [{ type: 'input_audio', input_audio: { data: source.base64, format } }] : refuse('L14');
  }
  if (kind !== 'pdf' && kind !== 'file') return refuse('L14');
  if (source.type === 'url') return refuse('L10');
  if (source.type === 'file' && source.protocol !== protocol) return refuse('L11');
  if (detail !== undefined && detail !== 'auto') losses.drop('L12', `${path}.detail`);
  // A file has a name here and nothing else: what is said of it is said in front, and nobody can be made to cite it.
  if (part.context !== undefined || part.citable) losses.approximate('L13', path);
  const said = part.context === undefined ? [] : [{ type: 'text' as const, text: part.context }];
  const file =
    source.type === 'inline'
      ? { filename: name ?? 'document.pdf', file_data: dataUrl(source) }
      : { file_id: source.id };
  return [...said, { type: 'file', file }];
}

const dataUrl = ({ mediaType, base64 }: { readonly mediaType: string; readonly base64: string }): string =>
  `data:${mediaType};base64,${base64}`;

/** What a tool answered: text for its own message, and media that has to follow in a user's. */
export interface ResultContent {
  readonly content: string | WireKnownPart[];
  readonly moved: readonly WireKnownPart[];
}

export function resultFromIr(
  part: ToolResultPart,
  path: string,
  to: ChatCompatibility,
  losses: LossList,
): ResultContent {
  const parts = part.content.flatMap((inner, index): WireKnownPart[] => {
    const at = `${path}.content.${index}`;
    if (inner.type === 'tool-reference') {
      losses.approximate('L26', at);
      return [{ type: 'text', text: `The tool "${inner.name}" is available now.` }];
    }
    if (inner.type === 'media' && to.toolResultImages === 'reject') {
      losses.drop('L14', at);
      return [];
    }
    return contentFromIr(inner, at, to, losses);
  });
  const texts = parts.flatMap((inner) => (inner.type === 'text' ? [inner.text] : []));
  const media = parts.filter((inner) => inner.type !== 'text');
  const failed = part.isError === true;
  if (failed) losses.approximate('L32', `${path}.is_error`);
  const text = failed ? JSON.stringify({ error: texts.join('\n') }) : texts.join('\n');
  const mark = part.cache ?? part.content.findLast(({ cache }) => cache)?.cache;
  if (media.length === 0 && mark && text !== '')
    return { content: [{ type: 'text', text, ...breakpointOf(mark) }], moved: [] };
  if (media.length === 0) return { content: text, moved: [] };
  if (to.toolResultImages === 'parts')
    return { content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...media], moved: [] };
  losses.approximate('L30', path);
  const note = `[The media of this result is in the next user message, labelled ${part.callId}.]`;
  return {
    content: text === '' ? note : `${text}\n${note}`,
    moved: [{ type: 'text', text: `Media returned by tool call ${part.callId}:` }, ...media],
  };
}

import type { Citation, ServerToolCallPart, ServerToolResultPart } from '@bytespike/ir';

import { given } from '../given.js';
import { bytesUpTo, pointsBetween } from './byte-offsets.js';
import type { WireGrounding } from './schema.js';

/** A text that was written: where it stands on the wire, so that what supports it can point at it. */
export interface WrittenText {
  readonly wirePart: number;
  /** Bytes of its wire part that were written before it. */
  readonly bytesBefore: number;
  readonly text: string;
}

/** What an answer was grounded on, gathered as it is told. */
export interface Grounding {
  /** What this wire's own vendor told, whole; nothing else is needed then. */
  readonly own: WireGrounding | undefined;
  readonly queries: readonly string[];
  readonly sources: readonly Source[];
  readonly citations: readonly { readonly index: number; readonly citation: Citation }[];
}

interface Source {
  readonly url: string;
  readonly title?: string;
}

export const UNGROUNDED: Grounding = { own: undefined, queries: [], sources: [], citations: [] };

const queriesOf = ({ input }: ServerToolCallPart): readonly string[] => {
  const { query, queries } = input;
  if (Array.isArray(queries)) return (queries as readonly unknown[]).filter((entry) => typeof entry === 'string');
  return typeof query === 'string' ? [query] : [];
};

/** Adds a search, or what one found. Other tools that a vendor ran have no place on this wire. */
export function addSearch(grounding: Grounding, part: ServerToolCallPart | ServerToolResultPart): Grounding {
  if (part.family !== 'web-search') return grounding;
  if (part.type === 'server-tool-call') return { ...grounding, queries: [...grounding.queries, ...queriesOf(part)] };
  const own = part.raw?.protocol === 'gemini-generate' ? (part.raw.value as WireGrounding) : grounding.own;
  return { ...grounding, own, sources: [...grounding.sources, ...part.sources] };
}

/** The grounding as the wire says it: sources by number, and bytes of UTF-8 within each part (protocols 2.11). */
export function groundingFromIr(
  { own, queries, sources, citations }: Grounding,
  texts: Readonly<Record<number, WrittenText>>,
): WireGrounding | undefined {
  if (own) return own;
  const chunks: Source[] = [...sources];
  const numberOf = (url: string, title: string | undefined): number => {
    const known = chunks.findIndex((chunk) => chunk.url === url);
    return known < 0 ? chunks.push({ url, ...given({ title }) }) - 1 : known;
  };
  const supports = citations.flatMap(({ index, citation }) => {
    const said = texts[index];
    const { url, title, start = 0, end = Number.POSITIVE_INFINITY } = citation;
    if (!said || url === undefined) return [];
    const from = said.bytesBefore + bytesUpTo(said.text, start);
    const segment = {
      ...(said.wirePart > 0 && { partIndex: said.wirePart }),
      ...(from > 0 && { startIndex: from }),
      endIndex: said.bytesBefore + bytesUpTo(said.text, end),
      text: pointsBetween(said.text, start, end),
    };
    return [{ segment, groundingChunkIndices: [numberOf(url, title)] }];
  });
  if (chunks.length === 0 && queries.length === 0) return undefined;
  return {
    ...(queries.length > 0 && { webSearchQueries: [...queries] }),
    ...(chunks.length > 0 && {
      groundingChunks: chunks.map(({ url, title }) => ({ web: { uri: url, ...given({ title }) } })),
    }),
    ...(supports.length > 0 && { groundingSupports: supports }),
  };
}

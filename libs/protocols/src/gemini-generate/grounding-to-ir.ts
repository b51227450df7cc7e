import type { JsonObject } from '@bytespike/kernel';
import type { Citation, WholePart } from '@bytespike/ir';

import { given } from '../given.js';
import { pointAtByte, pointsBetween } from './byte-offsets.js';
import type { WireGrounding } from './schema.js';

const protocol = 'gemini-generate' as const;

/** A text of the answer, as far as it was said. */
export interface SaidText {
  /** Index of its part in the hub. */
  readonly index: number;
  /** Number of its part on the wire, thoughts and calls counted. */
  readonly wirePart: number;
  readonly text: string;
  /** Whether more may be said of it. */
  readonly open: boolean;
}

/** A citation, and the part it is for. */
export interface PlacedCitation {
  readonly index: number;
  readonly citation: Citation;
}

type Segment = NonNullable<NonNullable<NonNullable<WireGrounding['groundingSupports']>[number]>['segment']>;

/** The sources of a grounded answer, in their order. */
const sourcesOf = ({ groundingChunks }: WireGrounding): readonly { url: string; title?: string }[] =>
  (groundingChunks ?? []).flatMap(({ web }) => (web?.uri ? [{ url: web.uri, ...given({ title: web.title }) }] : []));

/**
 * What supports which words. The wire counts bytes within a part, the hub code points; the words themselves, which the
 * wire repeats, say which text is meant where the number of the part does not (protocols 2.11).
 */
export function citationsOf(grounding: WireGrounding, texts: readonly SaidText[]): readonly PlacedCitation[] {
  const chunks = grounding.groundingChunks ?? [];
  const lastOpen = texts.findLast(({ open }) => open);
  return (grounding.groundingSupports ?? []).flatMap(({ segment, groundingChunkIndices }) => {
    const range = segment && rangeOf(segment, texts);
    const index = range?.open === true ? range.index : lastOpen?.index;
    if (index === undefined) return [];
    // A text that has ended takes no more citations: the words are quoted in one that has not.
    const placed = range?.open === true ? { start: range.start, end: range.end } : {};
    const citedText = segment?.text ?? range?.words;
    return (groundingChunkIndices ?? []).flatMap((at): PlacedCitation[] => {
      const web = chunks[at]?.web;
      if (!web?.uri) return [];
      return [{ index, citation: { ...given({ url: web.uri, title: web.title, citedText }), ...placed } }];
    });
  });
}

interface Range {
  readonly index: number;
  readonly open: boolean;
  readonly start: number;
  readonly end: number;
  readonly words: string;
}

/** Where the cited words stand: in the part that is numbered if they do, else in the first text that has them there. */
function rangeOf(segment: Segment, texts: readonly SaidText[]): Range | undefined {
  const { partIndex = 0, text: words } = segment;
  const numbered = texts.filter(({ wirePart }) => wirePart === partIndex);
  const candidates = [...numbered, ...texts].map((said) => cut(said, segment));
  const [first] = candidates;
  if (!words) return first;
  return candidates.find((range) => range.words === words) ?? found(words, texts) ?? first;
}

function cut({ index, open, text }: SaidText, { startIndex, endIndex }: Segment): Range {
  const start = pointAtByte(text, startIndex ?? 0);
  const end = pointAtByte(text, endIndex ?? Number.POSITIVE_INFINITY);
  return { index, open, start, end, words: pointsBetween(text, start, end) };
}

function found(words: string, texts: readonly SaidText[]): Range | undefined {
  for (const { index, open, text } of texts) {
    const at = text.indexOf(words);
    if (at < 0) continue;
    const start = [...text.slice(0, at)].length;
    return { index, open, start, end: start + [...words].length, words };
  }
  return undefined;
}

/** The search behind a grounded answer as a call and its result; the result keeps what the vendor told, whole. */
export function searchParts(grounding: WireGrounding, responseId: string | undefined): readonly WholePart[] {
  const queries = grounding.webSearchQueries ?? [];
  const [query] = queries;
  const sources = sourcesOf(grounding);
  if (query === undefined && sources.length === 0) return [];
  const callId = `search_${responseId ?? 'unnamed'}`;
  const raw = { protocol, value: grounding as JsonObject };
  return [
    {
      type: 'server-tool-call',
      id: callId,
      family: 'web-search',
      input: { ...given({ query }), ...(queries.length > 1 && { queries }) },
    },
    { type: 'server-tool-result', callId, family: 'web-search', sources, raw },
  ];
}

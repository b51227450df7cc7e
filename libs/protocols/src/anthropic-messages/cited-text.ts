import type { JsonObject } from '@bytespike/kernel';
import type { Citation, GenerateRequest, TextPart } from '@bytespike/ir';

import { own } from './blocks-from-ir.js';
import type { WireTextBlock } from './schema.js';
import { citationFromIr } from './web-search.js';

/**
 * Whether text that quotes is cut where its quotations begin and end, as this wire's own vendor does (protocols 2.11).
 * That takes the whole text before any of it can be told, so it is done for those who asked for a search.
 */
export type Cutting = 'cut' | 'whole';

export const cuttingFor = (asked: GenerateRequest | undefined): Cutting =>
  asked?.tools.some((tool) => tool.kind === 'hosted' && tool.family === 'web-search') ? 'cut' : 'whole';

/** A text and its sources as blocks; one that is empty is none. */
export function citedBlocks({ text, citations = [] }: TextPart, cutting: Cutting): WireTextBlock[] {
  if (text === '') return [];
  const edges = cutting === 'cut' ? citations.flatMap(edgesOf) : [];
  if (edges.length === 0) return [blockOf(text, citations, text)];
  const points = [...text];
  const bounds = [...new Set([0, ...edges, points.length])]
    .filter((edge) => edge >= 0 && edge <= points.length)
    .sort((one, other) => one - other);
  return bounds.slice(1).map((end, index) => {
    const start = bounds[index] ?? 0;
    const here = citations.filter((citation) => covers(citation, start, end));
    return blockOf(points.slice(start, end).join(''), here, text);
  });
}

const edgesOf = ({ start, end, raw }: Citation): readonly number[] =>
  own(raw) || start === undefined || end === undefined ? [] : [start, end];

const covers = ({ start = 0, end = Number.POSITIVE_INFINITY }: Citation, from: number, to: number): boolean =>
  start <= from && end >= to;

function blockOf(text: string, citations: readonly Citation[], whole: string): WireTextBlock {
  const told = citations.flatMap((citation) => own(citation.raw) ?? citationFromIr(citation, whole) ?? []);
  return { type: 'text', text, ...(told.length > 0 && { citations: told as ({ type: string } & JsonObject)[] }) };
}

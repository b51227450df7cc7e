import type { WireAnswerPart, WireCandidate, WireChunk, WireResponse } from './schema.js';

/** The chunks of a stream as one answer: what the last one says holds, and parts that only grew are one again. */
export function joinChunks(chunks: readonly WireChunk[]): WireResponse {
  const answer: WireResponse = Object.assign({}, ...chunks) as WireResponse;
  const candidates = chunks.flatMap((chunk) => chunk.candidates ?? []);
  if (candidates.length === 0) return answer;
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []).reduce(append, []);
  const whole: WireCandidate = Object.assign({}, ...candidates) as WireCandidate;
  const content = { ...(parts.length > 0 && { parts: [...parts] }), role: 'model' };
  return { ...answer, candidates: [{ ...whole, content }] };
}

type Parts = readonly WireAnswerPart[];

/** A signature ends its part; an empty text that carries none says nothing. */
function append(parts: Parts, part: WireAnswerPart): Parts {
  const { text, thought, thoughtSignature } = part;
  if (text === '' && thoughtSignature === undefined) return parts;
  const last = parts.at(-1);
  if (last?.text === undefined || text === undefined) return [...parts, part];
  const ends = last.thoughtSignature !== undefined || (thoughtSignature !== undefined && thought !== true);
  if (ends || last.thought !== thought) return [...parts, part];
  return [...parts.slice(0, -1), { ...last, ...part, text: last.text + text }];
}

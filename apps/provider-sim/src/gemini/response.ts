import { tokenize } from '../brain/tokens.js';
import type { Frame } from '../wire/wire.js';
import type { Candidate } from './render-candidate.js';
import type { UsageMetadata } from './usage.js';

export interface Envelope {
  readonly modelVersion: string;
  readonly responseId: string;
  readonly usage: UsageMetadata;
  readonly candidates: number;
}

/** The response in one piece. */
export const responseBody = (
  candidate: Candidate,
  { modelVersion, responseId, usage, candidates }: Envelope,
): object => ({
  candidates: Array.from({ length: candidates }, (_, index) => ({
    content: contentOf(wholeParts(candidate)),
    finishReason: candidate.finishReason,
    ...(candidate.finishMessage !== undefined && { finishMessage: candidate.finishMessage }),
    index,
    ...candidate.closing,
  })),
  usageMetadata: usage,
  modelVersion,
  responseId,
});

/** A candidate that was cut off while thinking has a role and no parts at all. */
const contentOf = (parts: readonly object[]): object =>
  parts.length === 0 ? { role: 'model' } : { parts, role: 'model' };

const wholeParts = ({ thoughts, text, textSignature, calls }: Candidate): readonly object[] => [
  ...thoughts.map((thought) => ({ text: thought, thought: true })),
  ...(text === '' ? [] : [{ text, ...(textSignature !== undefined && { thoughtSignature: textSignature }) }]),
  ...calls,
];

/** How chunks are put on the wire: as server-sent events, or as the elements of one JSON array. */
export type Framing = 'events' | 'array';

const TOKENS_PER_CHUNK = 2;

const inSteps = (text: string): readonly string[] => {
  const tokens = tokenize(text);
  const steps: string[] = [];
  for (let start = 0; start < tokens.length; start += TOKENS_PER_CHUNK)
    steps.push(tokens.slice(start, start + TOKENS_PER_CHUNK).join(''));
  return steps;
};

interface Piece {
  readonly part: object;
  readonly tokens: number;
  readonly kind: 'thought' | 'said';
}

const piecesOf = ({ thoughts, text, calls }: Candidate): readonly Piece[] => [
  ...thoughts
    .flatMap(inSteps)
    .map((step): Piece => ({ part: { text: step, thought: true }, tokens: TOKENS_PER_CHUNK, kind: 'thought' })),
  ...inSteps(text).map((step): Piece => ({ part: { text: step }, tokens: TOKENS_PER_CHUNK, kind: 'said' })),
  ...calls.map((part): Piece => ({ part, tokens: 0, kind: 'said' })),
];

/** The stream: every chunk a response of its own, parts as increments, counts cumulative and complete only at the end. */
export const responseFrames = (candidate: Candidate, envelope: Envelope, framing: Framing): readonly Frame[] => {
  const { modelVersion, responseId, usage } = envelope;
  const tail = `"modelVersion":${JSON.stringify(modelVersion)},"responseId":"${responseId}"}`;
  const chunks: { part: Frame['part']; text: string }[] = [];
  const counts = { thought: 0, said: 0 };
  for (const piece of piecesOf(candidate)) {
    counts[piece.kind] += piece.tokens;
    const soFar = {
      promptTokenCount: usage.promptTokenCount,
      ...(counts.said > 0 && { candidatesTokenCount: counts.said }),
      totalTokenCount: usage.promptTokenCount + counts.said + counts.thought,
      promptTokensDetails: usage.promptTokensDetails,
      ...(counts.thought > 0 && { thoughtsTokenCount: counts.thought }),
    };
    const text = `{"candidates":[{"content":{"parts":[${JSON.stringify(piece.part)}],"role":"model"},"index":0}],"usageMetadata":${JSON.stringify(soFar)},${tail}`;
    chunks.push({ part: 'content', text });
  }
  const last = {
    content: contentOf(closingParts(candidate)),
    finishReason: candidate.finishReason,
    ...(candidate.finishMessage !== undefined && { finishMessage: candidate.finishMessage }),
    index: 0,
    ...candidate.closing,
  };
  chunks.push({
    part: 'terminator',
    text: `{"candidates":[${JSON.stringify(last)}],"usageMetadata":${JSON.stringify(usage)},${tail}`,
  });
  return framing === 'events'
    ? chunks.map(({ part, text }) => ({ part, text: `data: ${text}\r\n\r\n` }))
    : arrayOf(chunks);
};

/** The finishing chunk has an empty text, which carries the signature of a plain answer. */
const closingParts = ({ finishReason, textSignature, text, calls, thoughts }: Candidate): readonly object[] => {
  if (finishReason !== 'STOP' && text === '' && calls.length === 0 && thoughts.length === 0) return [];
  return [{ text: '', ...(textSignature !== undefined && { thoughtSignature: textSignature }) }];
};

const arrayOf = (chunks: readonly Frame[]): readonly Frame[] => [
  ...chunks.map(({ part, text }, index) => ({ part, text: index === 0 ? `[${text}` : `,\r\n${text}` })),
  { part: 'terminator', text: '\r\n]' },
];

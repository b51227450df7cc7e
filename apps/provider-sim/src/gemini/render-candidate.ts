import type { Answer, AnswerPart, Finish, Source, TextPart } from '../brain/answer.js';
import { tokenize } from '../brain/tokens.js';
import type { GeminiModel } from './models.js';
import { signThought } from './thought-signature.js';

export interface CandidateStyle {
  readonly model: GeminiModel;
  readonly includeThoughts: boolean;
  readonly logprobs: { readonly top: number } | undefined;
}

/** A candidate taken apart: what may be streamed piece by piece, and what only comes with the end. */
export interface Candidate {
  readonly thoughts: readonly string[];
  readonly text: string;
  /** The signature of a plain answer: on its text, or on an empty part at the end of a stream. */
  readonly textSignature: string | undefined;
  readonly calls: readonly object[];
  readonly finishReason: string;
  readonly finishMessage: string | undefined;
  readonly closing: object;
}

const FINISH = {
  end: 'STOP',
  'stop-sequence': 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  refusal: 'SAFETY',
  pause: 'STOP',
} as const satisfies Record<Finish, string>;

const CALL_ID_LENGTH = 8;

const only = <T extends AnswerPart['type']>(answer: Answer, type: T): readonly Extract<AnswerPart, { type: T }>[] =>
  answer.parts.filter((part): part is Extract<AnswerPart, { type: T }> => part.type === type);

export const renderCandidate = (answer: Answer, style: CandidateStyle): Candidate => {
  const texts = only(answer, 'text');
  const thoughts = only(answer, 'thinking');
  const text = texts.map((part) => part.text).join('');
  const calls = only(answer, 'tool-call').map((call, index) => ({
    functionCall: {
      ...(style.model.generation === '3' && { id: call.id.slice(0, CALL_ID_LENGTH) }),
      name: call.name,
      args: call.input,
    },
    // Of calls made in parallel only the first is signed.
    ...(index === 0 &&
      signs(style.model, thoughts.length) && { thoughtSignature: signThought({ type: 'call', name: call.name }) }),
  }));
  const isPlain = calls.length === 0 && text !== '' && thoughts.length > 0;
  return {
    thoughts: style.includeThoughts
      ? thoughts.flatMap((part) => (part.visibility === 'visible' ? [part.text] : []))
      : [],
    text,
    textSignature: isPlain && answer.finish !== 'refusal' ? signThought({ type: 'text' }) : undefined,
    // A call cut short by the limit is not sent at all: its arguments are an object or nothing.
    calls: answer.finish === 'length' ? calls.slice(0, wholeCalls(answer)) : calls,
    finishReason: FINISH[answer.finish],
    finishMessage: answer.refusal?.explanation,
    closing: {
      ...(answer.finish === 'refusal' && { safetyRatings: [BLOCKED] }),
      ...groundingOf(answer, texts),
      ...(style.logprobs !== undefined && logprobsOf(text, style.logprobs.top)),
    },
  };
};

const BLOCKED = { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true };

const signs = (model: GeminiModel, thoughts: number): boolean => model.generation === '3' || thoughts > 0;

const wholeCalls = (answer: Answer): number =>
  only(answer, 'tool-call').filter((call) => call.inputText === JSON.stringify(call.input)).length;

/** Offsets count bytes of UTF-8 within the part; zeros are left out, as proto-JSON leaves them. */
const groundingOf = (answer: Answer, texts: readonly TextPart[]): object => {
  const searches = only(answer, 'search');
  if (searches.length === 0) return {};
  const chunks: Source[] = [];
  const supports: object[] = [];
  let offset = 0;
  for (const part of texts) {
    const start = offset;
    offset += Buffer.byteLength(part.text);
    if (part.sources.length === 0) continue;
    const groundingChunkIndices = part.sources.map((source) => chunks.push(source) - 1);
    const segment = { ...(start > 0 && { startIndex: start }), endIndex: offset, text: part.text };
    supports.push({ segment, groundingChunkIndices });
  }
  return {
    groundingMetadata: {
      searchEntryPoint: { renderedContent: `<div>${searches.map((search) => search.query).join(', ')}</div>` },
      groundingChunks: chunks.map(({ url, title }) => ({ web: { uri: url, title } })),
      groundingSupports: supports,
      webSearchQueries: searches.map((search) => search.query),
    },
  };
};

const odds = (token: string): number => -((token.charCodeAt(token.length - 1) % 50) + 1) / 1000;

const logprobsOf = (text: string, top: number): object => {
  const chosen = tokenize(text).map((token) => ({ token, tokenId: token.charCodeAt(0), logProbability: odds(token) }));
  const sum = chosen.reduce((total, { logProbability }) => total + logProbability, 0);
  return {
    avgLogprobs: chosen.length === 0 ? 0 : sum / chosen.length,
    logprobsResult: {
      chosenCandidates: chosen,
      topCandidates: chosen.map((one) => ({ candidates: top === 0 ? [] : [one] })),
    },
  };
};

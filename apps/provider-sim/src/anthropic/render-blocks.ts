import type { Answer, AnswerPart, Source, ToolCall } from '../brain/answer.js';
import { digest } from '../brain/digest.js';
import { tokenize } from '../brain/tokens.js';
import { redactThinking, sealThinking } from '../signature/thinking-seal.js';
import type { Binding } from '../signature/thinking-seal.js';
import type { Persona } from './persona.js';

/** A content block twice: whole, and as the events that build it. */
export interface RenderedBlock {
  readonly whole: Readonly<Record<string, unknown>>;
  readonly start: Readonly<Record<string, unknown>>;
  /** Made only for those who stream. */
  readonly deltas: () => readonly Readonly<Record<string, unknown>>[];
}

export interface Rendering {
  readonly persona: Persona;
  readonly binding: Binding;
  readonly display: 'shown' | 'omitted';
}

const TOKENS_PER_DELTA = 3;

/** Cuts a text into the pieces a stream carries. */
const pieces = (text: string): readonly string[] => {
  const tokens = tokenize(text);
  return Array.from({ length: Math.ceil(tokens.length / TOKENS_PER_DELTA) }, (_, index) =>
    tokens.slice(index * TOKENS_PER_DELTA, (index + 1) * TOKENS_PER_DELTA).join(''),
  );
};

/** Renders the content of an answer in Anthropic's blocks. */
export const renderBlocks = (answer: Answer, rendering: Rendering): readonly RenderedBlock[] => {
  let calls = 0;
  return answer.parts.flatMap((part) => {
    if (part.type === 'tool-call') return [callBlock(part, rendering.persona, calls++)];
    return RENDERERS[part.type](part, rendering);
  });
};

const atOnce = (whole: Readonly<Record<string, unknown>>): RenderedBlock => ({ whole, start: whole, deltas: () => [] });

const jsonDeltas = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  ['', ...pieces(text)].map((fragment) => ({ type: 'input_json_delta', partial_json: fragment }));

const callBlock = (part: ToolCall, persona: Persona, index: number): RenderedBlock => {
  const { name, input, inputText } = part;
  const frame = { type: 'tool_use', id: persona.callId(part, index), name, ...persona.callFrame };
  return {
    // A call cut short by the token limit has no whole input: the vendor then gives an empty one.
    whole: { ...frame, input: inputText === JSON.stringify(input) ? input : {} },
    start: { ...frame, input: {} },
    // A call without arguments carries a single empty fragment.
    deltas: () => jsonDeltas(inputText === '{}' ? '' : inputText),
  };
};

type PartRenderer = (part: AnswerPart, rendering: Rendering) => readonly RenderedBlock[];

const thinkingBlocks: PartRenderer = (part, { persona, binding, display }) => {
  if (part.type !== 'thinking') return [];
  if (part.visibility === 'redacted' && persona.seal === 'signed') {
    return [atOnce({ type: 'redacted_thinking', data: redactThinking(part.text, binding) })];
  }
  const signature = sealFor(part.text, persona, binding);
  const thinking = display === 'omitted' ? '' : part.text;
  const signed = persona.seal === 'empty' ? [] : [{ type: 'signature_delta', signature }];
  return [
    {
      whole: { type: 'thinking', thinking, signature },
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: () => [...pieces(thinking).map((text) => ({ type: 'thinking_delta', thinking: text })), ...signed],
    },
  ];
};

const sealFor = (text: string, { seal }: Persona, binding: Binding): string => {
  if (seal === 'signed') return sealThinking(text, binding);
  return seal === 'empty' ? '' : digest(text).slice(0, 32);
};

const textBlocks: PartRenderer = (part) => {
  if (part.type !== 'text' || part.text === '') return [];
  const deltas = () => pieces(part.text).map((text) => ({ type: 'text_delta', text }));
  if (part.sources.length === 0) {
    return [{ whole: { type: 'text', text: part.text }, start: { type: 'text', text: '' }, deltas }];
  }
  const citations = part.sources.map(citationOf);
  return [
    {
      whole: { citations, type: 'text', text: part.text },
      start: { citations: [], type: 'text', text: '' },
      // Sources come before the text they support.
      deltas: () => [...citations.map((citation) => ({ type: 'citations_delta', citation })), ...deltas()],
    },
  ];
};

const opaque = (text: string): string => Buffer.from(digest(text), 'hex').toString('base64');

const citationOf = (source: Source) => ({
  type: 'web_search_result_location',
  cited_text: source.snippet,
  url: source.url,
  title: source.title,
  encrypted_index: opaque(`index ${source.url}`),
});

const searchBlocks: PartRenderer = (part, { persona }) => {
  if (part.type !== 'search') return [];
  const id = `srvtoolu_01${part.id}`;
  const frame = { type: 'server_tool_use', id, name: 'web_search', ...persona.callFrame };
  const written = JSON.stringify({ query: part.query });
  const results = part.results.map((source) => ({
    type: 'web_search_result',
    title: source.title,
    url: source.url,
    encrypted_content: opaque(`content ${source.url}`),
    page_age: source.age,
  }));
  return [
    {
      whole: { ...frame, input: { query: part.query } },
      start: { ...frame, input: {} },
      deltas: () => jsonDeltas(written),
    },
    atOnce({ type: 'web_search_tool_result', tool_use_id: id, content: results, ...persona.callFrame }),
  ];
};

const RENDERERS: Readonly<Record<Exclude<AnswerPart['type'], 'tool-call'>, PartRenderer>> = {
  thinking: thinkingBlocks,
  text: textBlocks,
  search: searchBlocks,
};

import type { Usage } from '@bytespike/kernel';
import type { Citation, GenerateRequest, GenerateResponse, GrowingPart, StreamEvent } from '@bytespike/ir';

import { writeExact } from '../exact-json.js';
import { hold, release, type HeldPart } from '../held-parts.js';
import { createLossList } from '../losses.js';
import type { StreamStep } from '../protocol.js';
import { answerBlocks, finishFromIr, messageId } from './answer-from-ir.js';
import { citedBlocks, cuttingFor, type Cutting } from './cited-text.js';
import type { WireBlock, WireChunk } from './schema.js';
import { usageFromIr } from './usage.js';
import { citationFromIr } from './web-search.js';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

/** The part being written. Its block begins with its first content: an empty text block is refused on replay. */
interface OpenPart {
  readonly index: number;
  readonly part: GrowingPart;
  readonly begun: boolean;
  readonly segment: number;
  /** What was said, and where it is from: another wire's sources are told when the text they quote is whole. */
  readonly text: string;
  readonly sources: readonly Citation[];
}

export interface Encoding {
  /** Index of the next block. */
  readonly block: number;
  readonly open: OpenPart | undefined;
  readonly held: readonly HeldPart[];
  readonly cutting: Cutting;
  readonly usage: Usage;
  readonly tier: string | undefined;
  readonly finish: GenerateResponse['finish'] | undefined;
}

type Step = readonly [Encoding, readonly WireChunk[]];

const emptyBlock = (part: GrowingPart): WireBlock => {
  if (part.type === 'tool-call') return { type: 'tool_use', id: part.id, name: part.name, input: {} };
  if (part.type === 'reasoning') return { type: 'thinking', thinking: '', signature: '' };
  return { type: 'text', text: '' };
};

const blockStart = (index: number, content_block: WireBlock): WireChunk => ({
  type: 'content_block_start',
  index,
  content_block,
});

/** Begins the open part's block if it has not begun, then adds the delta to it. */
function write(state: Encoding, open: OpenPart, delta: { type: string } & Record<string, unknown>): Step {
  const chunk: WireChunk = { type: 'content_block_delta', index: state.block, delta };
  const begin = open.begun ? [] : [blockStart(state.block, emptyBlock(open.part))];
  return [{ ...state, open: { ...open, begun: true } }, [...begin, chunk]];
}

function startPart(state: Encoding, event: Extract<PartEvent, { type: 'part-start' }>): Step {
  const { part, index } = event;
  const open: OpenPart = { index, part, begun: false, segment: 0, text: '', sources: [] };
  const isCall = part.type === 'tool-call';
  if (!isCall && !(part.type === 'reasoning' && part.visibility !== 'redacted')) return [{ ...state, open }, []];
  const begun = { ...state, open: { ...open, begun: true } };
  const start = blockStart(state.block, emptyBlock(part));
  // A free-form call becomes an object with one string, so its text is written inside that string.
  if (isCall && part.kind === 'custom') return [begun, [start, inputDelta(state.block, '{"input":"')]];
  return [begun, [start]];
}

const inputDelta = (index: number, partial_json: string): WireChunk => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'input_json_delta', partial_json },
});

function writeCapsule(state: Encoding, open: OpenPart, event: Extract<PartEvent, { type: 'capsule' }>): Step {
  const { capsule } = event;
  const mine = capsule.origin.protocol === 'anthropic-messages' && capsule.data !== '';
  if (!mine || open.part.type !== 'reasoning') return [state, []];
  if (open.part.visibility !== 'redacted')
    return write(state, open, { type: 'signature_delta', signature: capsule.data });
  if (open.begun) return [state, []];
  const start = blockStart(state.block, { type: 'redacted_thinking', data: capsule.data });
  return [{ ...state, open: { ...open, begun: true } }, [start]];
}

function writeReasoning(state: Encoding, open: OpenPart, event: Extract<PartEvent, { type: 'reasoning-delta' }>): Step {
  const { segment, text } = event;
  if (open.part.type === 'reasoning' && open.part.visibility === 'redacted') return [state, []];
  const thinking = segment > open.segment ? `\n\n${text}` : text;
  return thinking === '' ? [state, []] : write(state, { ...open, segment }, { type: 'thinking_delta', thinking });
}

/** Whether a text is kept back until it is known where its quotations begin and end. */
const waits = ({ cutting }: Encoding, { part }: OpenPart): boolean => cutting === 'cut' && part.type === 'text';

/** A text that has waited, in as many blocks as its sources make of it. */
function endCutText(state: Encoding, { text, sources }: OpenPart): Step {
  const blocks = citedBlocks({ type: 'text', text, citations: sources }, state.cutting);
  const chunks = blocks.flatMap((block, offset): WireChunk[] => {
    const index = state.block + offset;
    const delta = (value: { type: string } & Record<string, unknown>): WireChunk => ({
      type: 'content_block_delta',
      index,
      delta: value,
    });
    return [
      blockStart(index, { type: 'text', text: '' }),
      ...(block.citations ?? []).map((citation) => delta({ type: 'citations_delta', citation })),
      delta({ type: 'text_delta', text: block.text }),
      { type: 'content_block_stop', index },
    ];
  });
  return [{ ...state, open: undefined, block: state.block + blocks.length }, chunks];
}

function endPart(state: Encoding, open: OpenPart): Step {
  if (waits(state, open)) return endCutText(state, open);
  const custom = open.part.type === 'tool-call' && open.part.kind === 'custom';
  const closed = { ...state, open: undefined, block: state.block + (open.begun ? 1 : 0) };
  if (!open.begun) return [closed, []];
  const cited = open.sources.flatMap((source): WireChunk[] => {
    const citation = citationFromIr(source, open.text);
    return citation
      ? [{ type: 'content_block_delta', index: state.block, delta: { type: 'citations_delta', citation } }]
      : [];
  });
  const ending = custom ? [inputDelta(state.block, '"}')] : [];
  return [closed, [...cited, ...ending, { type: 'content_block_stop', index: state.block }]];
}

function writePart(state: Encoding, open: OpenPart, event: PartEvent): Step {
  switch (event.type) {
    case 'text-delta': {
      const text = open.text + event.text;
      if (waits(state, open)) return [{ ...state, open: { ...open, text } }, []];
      return event.text === ''
        ? [state, []]
        : write(state, { ...open, text }, { type: 'text_delta', text: event.text });
    }
    case 'citation': {
      const { raw } = event.citation;
      if (raw?.protocol === 'anthropic-messages' && !waits(state, open))
        return write(state, open, { type: 'citations_delta', citation: raw.value });
      return [{ ...state, open: { ...open, sources: [...open.sources, event.citation] } }, []];
    }
    case 'arguments-delta': {
      const custom = open.part.type === 'tool-call' && open.part.kind === 'custom';
      const text = custom ? JSON.stringify(event.text).slice(1, -1) : event.text;
      return text === '' ? [state, []] : [state, [inputDelta(state.block, text)]];
    }
    case 'reasoning-delta':
      return writeReasoning(state, open, event);
    case 'capsule':
      return writeCapsule(state, open, event);
    case 'part-end':
      return endPart(state, open);
    case 'part-start':
    case 'part-whole':
      return [state, []];
  }
}

/** A block that came in one piece; a call's input travels in a delta all the same (clients 0.10). */
function wholeBlock(index: number, block: WireBlock): readonly WireChunk[] {
  const stop: WireChunk = { type: 'content_block_stop', index };
  if (block.type !== 'server_tool_use') return [blockStart(index, block), stop];
  return [blockStart(index, { ...block, input: {} }), inputDelta(index, writeExact(block['input'])), stop];
}

function takePart(state: Encoding, event: PartEvent): Step {
  if (state.open && state.open.index !== event.index) return [{ ...state, held: hold(state.held, event) }, []];
  if (event.type === 'part-start') return startPart(state, event);
  if (event.type === 'part-whole') {
    // What has no block here is a loss of the whole answer too, and is told there.
    const blocks = answerBlocks(event.part, 'parts', createLossList(), state.cutting);
    const chunks = blocks.flatMap((block, offset) => wholeBlock(state.block + offset, block));
    return [{ ...state, block: state.block + blocks.length }, chunks];
  }
  return state.open ? writePart(state, state.open, event) : [state, []];
}

function endMessage(state: Encoding): readonly WireChunk[] {
  const usage = usageFromIr(state.usage, state.tier);
  const delta = finishFromIr(state.finish ?? { reason: 'other' });
  return [{ type: 'message_delta', delta, usage }, { type: 'message_stop' }];
}

function step(state: Encoding, event: StreamEvent): Step {
  if ('index' in event) {
    const [next, chunks] = takePart(state, event);
    return next.open || next.held.length === 0 ? [next, chunks] : release(next, chunks, takePart);
  }
  switch (event.type) {
    case 'response-start':
      return [{ ...state, tier: event.tier }, [messageStart(event)]];
    case 'usage':
      return [{ ...state, usage: event.usage }, []];
    case 'tier':
      return [{ ...state, tier: event.tier }, []];
    case 'finish':
      return [{ ...state, finish: event.finish }, []];
    case 'ping':
      return [state, [{ type: 'ping' }]];
    case 'response-end':
      return [state, endMessage(state)];
    case 'error':
      return [state, []];
  }
}

/** Clients read numbers here at once; the truth follows in `message_delta` (clients 0.10). */
const messageStart = (event: Extract<StreamEvent, { type: 'response-start' }>): WireChunk => ({
  type: 'message_start',
  message: {
    id: messageId(event.id),
    type: 'message',
    role: 'assistant',
    model: event.model ?? '',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageFromIr({}, event.tier),
  },
});

export const encode: StreamStep<StreamEvent, WireChunk, Encoding, GenerateRequest> = {
  start: (asked) => ({
    cutting: cuttingFor(asked),
    block: 0,
    open: undefined,
    held: [],
    usage: {},
    tier: undefined,
    finish: undefined,
  }),
  step,
  end: () => [],
};

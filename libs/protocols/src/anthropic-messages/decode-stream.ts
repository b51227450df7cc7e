import { isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';
import type { Part, StreamEvent } from '@bytespike/ir';

import { cutsCalls, mayBreakCalls } from '../cut-calls.js';
import { failureIn } from '../errors/classify.js';
import { given } from '../given.js';
import type { StreamStep } from '../protocol.js';
import { blockToIr, UNSIGNED_THOUGHT } from './blocks-to-ir.js';
import { ANTHROPIC_CODES } from './errors.js';
import { isKnownChunk, type WireBlock, type WireChunk, type WireKnownChunk, type WireUsage } from './schema.js';
import { finishToIr } from './to-ir.js';
import { usageToIr } from './usage.js';

/** The block being read; blocks never overlap on this wire. */
interface OpenBlock {
  readonly wireIndex: number;
  readonly block: WireBlock;
  /** Arguments seen so far; the `input` of the start is a placeholder and is never joined to them. */
  readonly arguments: string;
  /** Whether thinking has come without the signature that its owner ends it with. */
  readonly unsigned: boolean;
}

type Chunk<T extends WireKnownChunk['type']> = Extract<WireKnownChunk, { type: T }>;

export interface Decoding {
  readonly messageId: string | undefined;
  readonly next: number;
  readonly open: OpenBlock | undefined;
  readonly usage: WireUsage;
  readonly ending: Chunk<'message_delta'>['delta'];
  readonly calls: 'calls' | 'none';
  /** Whether a call's arguments are no object: it cannot be carried out, unless it was cut. */
  readonly broken: boolean;
  /** Index of a call that ended without arguments: what follows it shows whether it has none or was cut. */
  readonly bare: number | undefined;
  readonly ended: boolean;
}

type Step = readonly [Decoding, readonly StreamEvent[]];

/** Blocks that grow by deltas as parts of the hub; any other is handed on whole, when it has ended. */
const GROWING: readonly string[] = ['text', 'thinking', 'redacted_thinking', 'tool_use'];

const garbled = (state: Decoding, message: string): Step => [
  { ...state, ended: true },
  [{ type: 'error', kind: 'upstream-garbled', message }],
];

function told(wire: WireUsage): readonly StreamEvent[] {
  const usage = usageToIr(wire);
  return usage ? [{ type: 'usage', usage }] : [];
}

function start(state: Decoding, { message }: Chunk<'message_start'>): Step {
  // Some relays repeat the start; one that begins another message has been restarted and cannot be joined.
  if (state.messageId !== undefined)
    return state.messageId === message.id ? [state, []] : garbled(state, 'A second message began in mid-stream.');
  const usage = message.usage ?? {};
  return [
    { ...state, messageId: message.id, usage },
    [
      { type: 'response-start', id: message.id, model: message.model, ...given({ tier: usage.service_tier }) },
      ...(message.usage ? told(usage) : []),
    ],
  ];
}

/** A block's part, with whatever its start already holds. */
function beginnings(part: Part, index: number): readonly StreamEvent[] {
  if (part.type === 'tool-call')
    return [{ type: 'part-start', index, part: { type: 'tool-call', id: part.id, name: part.name, kind: part.kind } }];
  if (part.type === 'reasoning')
    return [
      { type: 'part-start', index, part: { type: 'reasoning', visibility: part.visibility } },
      ...part.segments.map((text) => ({ type: 'reasoning-delta', index, segment: 0, text }) as const),
      ...(part.capsules ?? []).map((capsule) => ({ type: 'capsule', index, capsule }) as const),
    ];
  const { text, citations = [] } = part.type === 'text' ? part : { text: '' };
  return [
    { type: 'part-start', index, part: { type: 'text' } },
    ...citations.map((citation) => ({ type: 'citation', index, citation }) as const),
    ...(text === '' ? [] : [{ type: 'text-delta', index, text } as const]),
  ];
}

function startBlock(state: Decoding, chunk: Chunk<'content_block_start'>): Step {
  if (state.open) return garbled(state, 'A block began before the last one ended.');
  const [quiet, ends] = endBareCall(state, '{}');
  const [next, begun] = openBlock(quiet, chunk);
  return [next, [...ends, ...begun]];
}

/** Ends the call that came without arguments, with what they are. */
function endBareCall(state: Decoding, text: '{}' | ''): Step {
  const { bare: index } = state;
  if (index === undefined) return [state, []];
  const told = text === '' ? [] : [{ type: 'arguments-delta', index, text } as const];
  return [{ ...state, bare: undefined }, [...told, { type: 'part-end', index }]];
}

function openBlock(state: Decoding, chunk: Chunk<'content_block_start'>): Step {
  const block = chunk.content_block;
  const unsigned = block.type === 'thinking' && !block.signature;
  const open = { wireIndex: chunk.index, block, arguments: '', unsigned };
  if (!GROWING.includes(block.type)) return [{ ...state, open }, []];
  const index = state.next;
  const part = blockToIr(block);
  const growing = beginnings(part, index);
  const calls = part.type === 'tool-call' ? 'calls' : state.calls;
  return [{ ...state, open, calls, next: index + 1 }, growing];
}

function delta(state: Decoding, chunk: Chunk<'content_block_delta'>): Step {
  const { open } = state;
  if (open?.wireIndex !== chunk.index) return garbled(state, 'A delta belongs to no open block.');
  const { text, thinking, signature, partial_json, citation } = chunk.delta;
  const index = state.next - 1;
  if (partial_json !== undefined) {
    const next = { ...state, open: { ...open, arguments: open.arguments + partial_json } };
    const grows = open.block.type === 'tool_use' && partial_json !== '';
    return [next, grows ? [{ type: 'arguments-delta', index, text: partial_json }] : []];
  }
  if (open.block.type === 'text') {
    if (text !== undefined) return [state, [{ type: 'text-delta', index, text }]];
    const part = citation && blockToIr({ type: 'text', text: '', citations: [citation] });
    const [cited] = part?.type === 'text' ? (part.citations ?? []) : [];
    return [state, cited ? [{ type: 'citation', index, citation: cited }] : []];
  }
  if (open.block.type !== 'thinking') return [state, []];
  if (thinking !== undefined) return [state, [{ type: 'reasoning-delta', index, segment: 0, text: thinking }]];
  if (!signature) return [state, []];
  const capsule = { origin: { protocol: 'anthropic-messages' }, kind: 'signature', data: signature } as const;
  return [{ ...state, open: { ...open, unsigned: false } }, [{ type: 'capsule', index, capsule }]];
}

function stopBlock(state: Decoding, chunk: Chunk<'content_block_stop'>): Step {
  const { open, next } = state;
  if (open?.wireIndex !== chunk.index) return garbled(state, 'A block ended that was not open.');
  const closed = { ...state, open: undefined };
  if (!GROWING.includes(open.block.type)) {
    const part = blockToIr(withInput(open));
    const whole = part.type === 'server-tool-call' || part.type === 'server-tool-result' || part.type === 'opaque';
    return whole ? [{ ...closed, next: next + 1 }, [{ type: 'part-whole', index: next, part }]] : [closed, []];
  }
  const index = next - 1;
  const end = { type: 'part-end', index } as const;
  if (open.unsigned) return [closed, [{ type: 'capsule', index, capsule: UNSIGNED_THOUGHT }, end]];
  if (open.block.type !== 'tool_use') return [closed, [end]];
  if (open.arguments !== '')
    return [{ ...closed, broken: state.broken || !isJsonObject(tryParseJson(open.arguments)) }, [end]];
  const part = blockToIr(open.block);
  const text = part.type === 'tool-call' ? part.argumentsText : '{}';
  if (text === '{}') return [{ ...closed, bare: index }, []];
  return [closed, [{ type: 'arguments-delta', index, text }, end]];
}

/** A server's tool call streams its input as a client's does, but is handed on whole. */
function withInput({ block, arguments: text }: OpenBlock): WireBlock {
  const input = text === '' ? undefined : tryParseJson(text);
  return isJsonObject(input) ? { ...block, input } : block;
}

function messageDelta(state: Decoding, chunk: Chunk<'message_delta'>): Step {
  const usage = { ...state.usage, ...given(chunk.usage ?? {}) };
  return [{ ...state, usage, ending: chunk.delta }, chunk.usage ? told(usage) : []];
}

function stop(state: Decoding): Step {
  if (state.open) return garbled(state, 'The message ended while a block was open.');
  const finish = finishToIr(state.ending, state.calls);
  if (state.broken && !mayBreakCalls(finish))
    return garbled(state, 'The arguments of a tool call are not a JSON object.');
  const [whole, ends] = endBareCall(state, cutsCalls(finish) ? '' : '{}');
  return [{ ...whole, ended: true }, [...ends, { type: 'finish', finish }, { type: 'response-end' }]];
}

/** The vendor's own failure, by its own words for it, in whichever envelope it came (T82). */
function failed(state: Decoding, chunk: WireChunk): Step {
  const told = failureIn(chunk as JsonObject, ANTHROPIC_CODES, {});
  const message = told?.message ?? 'The vendor failed in mid-stream.';
  return [{ ...state, ended: true }, [{ type: 'error', kind: told?.kind ?? 'upstream-transient', message }]];
}

function step(state: Decoding, chunk: WireChunk): Step {
  if (state.ended) return [state, []];
  if (!isKnownChunk(chunk)) return 'error' in chunk && chunk['error'] ? failed(state, chunk) : [state, []];
  if (chunk.type === 'ping') return [state, [{ type: 'ping' }]];
  if (chunk.type === 'error') return failed(state, chunk);
  if (chunk.type === 'message_start') return start(state, chunk);
  if (state.messageId === undefined) return garbled(state, 'The stream did not begin with a message.');
  if (chunk.type === 'content_block_start') return startBlock(state, chunk);
  if (chunk.type === 'content_block_delta') return delta(state, chunk);
  if (chunk.type === 'content_block_stop') return stopBlock(state, chunk);
  if (chunk.type === 'message_delta') return messageDelta(state, chunk);
  return stop(state);
}

export const decode: StreamStep<WireChunk, StreamEvent, Decoding> = {
  start: () => ({
    messageId: undefined,
    next: 0,
    open: undefined,
    usage: {},
    ending: {},
    calls: 'none',
    broken: false,
    bare: undefined,
    ended: false,
  }),
  step,
  end: (state) =>
    state.ended
      ? []
      : [{ type: 'error', kind: 'upstream-garbled', message: 'The stream ended without its last event.' }],
};

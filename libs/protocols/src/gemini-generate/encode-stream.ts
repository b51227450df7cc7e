import type { Usage } from '@bytespike/kernel';
import type { Finish, GrowingPart, StreamEvent } from '@bytespike/ir';

import { given } from '../given.js';
import { hold, release, type HeldPart } from '../held-parts.js';
import type { StreamStep } from '../protocol.js';
import { bytesUpTo } from './byte-offsets.js';
import { partOfCall, partsOfWhole } from './answer-parts.js';
import { blockWord, finishWord } from './finish.js';
import { addSearch, groundingFromIr, UNGROUNDED, type Grounding, type WrittenText } from './grounding-from-ir.js';
import type { WireAnswerPart, WireChunk } from './schema.js';
import { isSealed, writeSignature } from './thought-signature.js';
import { usageFromIr } from './usage.js';

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

/** The part being written; chunks are increments without a number, so parts come one after the other. */
interface OpenPart {
  readonly index: number;
  readonly part: GrowingPart;
  readonly argumentsText: string;
  readonly segment: number;
}

export interface Encoding {
  readonly envelope: { readonly modelVersion: string; readonly responseId: string };
  readonly open: OpenPart | undefined;
  readonly held: readonly HeldPart[];
  /** State that belongs to the call which may follow. */
  readonly pending: string | undefined;
  /** What was written last, and how many parts have been. */
  readonly last: 'text' | 'thought' | 'other' | undefined;
  readonly wireParts: number;
  readonly calls: number;
  readonly texts: Readonly<Record<number, WrittenText>>;
  readonly grounding: Grounding;
  readonly refused: boolean;
  readonly usage: Usage | undefined;
  readonly tier: string | undefined;
  readonly finish: Finish | undefined;
}

type Step = readonly [Encoding, readonly WireChunk[]];

const chunk = ({ envelope }: Encoding, parts: WireAnswerPart[]): WireChunk => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0 }],
  ...envelope,
});

/** Writes a part; pieces of one text or thought are one part to whoever joins them. */
function write(state: Encoding, kind: NonNullable<Encoding['last']>, part: WireAnswerPart): Step {
  const grows = kind !== 'other' && state.last === kind && part.thoughtSignature === undefined;
  const last = part.thoughtSignature === undefined ? kind : 'other';
  return [{ ...state, last, wireParts: state.wireParts + (grows ? 0 : 1) }, [chunk(state, [part])]];
}

const thoughtState = (thoughtSignature: string): WireAnswerPart => ({ text: '', thought: true, thoughtSignature });

/** State whose call did not come stands on a thought of its own. */
function flush(state: Encoding): Step {
  const { pending } = state;
  return pending === undefined ? [state, []] : write({ ...state, pending: undefined }, 'other', thoughtState(pending));
}

function writeText(state: Encoding, { index }: OpenPart, text: string): Step {
  if (text === '') return [state, []];
  const [quiet, flushed] = flush(state);
  const continued = quiet.texts[index];
  const [written, chunks] = write(quiet, 'text', { text });
  const said = continued ?? {
    wirePart: written.wireParts - 1,
    bytesBefore: bytesIn(quiet, written.wireParts - 1),
    text: '',
  };
  const texts = { ...written.texts, [index]: { ...said, text: said.text + text } };
  return [{ ...written, texts }, [...flushed, ...chunks]];
}

/** Bytes of a part of the wire that texts written before have filled. */
const bytesIn = ({ texts }: Encoding, wirePart: number): number =>
  Object.values(texts)
    .filter((said) => said.wirePart === wirePart)
    .reduce((sum, { text }) => sum + bytesUpTo(text, Number.POSITIVE_INFINITY), 0);

function writeThought(state: Encoding, open: OpenPart, segment: number, text: string): Step {
  if (isHidden(open)) return [state, []];
  const said = segment > open.segment ? `\n\n${text}` : text;
  if (said === '') return [state, []];
  const [quiet, flushed] = flush({ ...state, open: { ...open, segment } });
  const [written, chunks] = write(quiet, 'thought', { text: said, thought: true });
  return [written, [...flushed, ...chunks]];
}

const isHidden = ({ part }: OpenPart): boolean => part.type === 'reasoning' && part.visibility === 'redacted';

function writeCapsule(state: Encoding, open: OpenPart, { capsule }: Extract<PartEvent, { type: 'capsule' }>): Step {
  if (capsule.origin.protocol !== 'gemini-generate' || capsule.data === '') return [state, []];
  const thoughtSignature = writeSignature(capsule.data);
  if (capsule.kind === 'text-signature' && !isSealed(capsule.data))
    return write(state, 'other', { text: '', thoughtSignature });
  if (open.part.type === 'reasoning' && !isHidden(open)) return write(state, 'thought', thoughtState(thoughtSignature));
  const [quiet, flushed] = flush(state);
  return [{ ...quiet, pending: thoughtSignature }, flushed];
}

function endPart(state: Encoding, { part, argumentsText }: OpenPart): Step {
  const closed = { ...state, open: undefined };
  if (part.type === 'refusal') return [{ ...closed, refused: true }, []];
  const written = part.type === 'tool-call' ? partOfCall(part, argumentsText, state.pending, state.calls) : undefined;
  if (!written) return [closed, []];
  return write({ ...closed, pending: undefined, calls: state.calls + 1 }, 'other', written);
}

function writePart(state: Encoding, open: OpenPart, event: PartEvent): Step {
  switch (event.type) {
    case 'text-delta':
      return writeText(state, open, event.text);
    case 'reasoning-delta':
      return writeThought(state, open, event.segment, event.text);
    case 'arguments-delta':
      return [{ ...state, open: { ...open, argumentsText: open.argumentsText + event.text } }, []];
    case 'citation': {
      const { index, citation } = event;
      const citations = [...state.grounding.citations, { index, citation }];
      return [{ ...state, grounding: { ...state.grounding, citations } }, []];
    }
    case 'capsule':
      return writeCapsule(state, open, event);
    case 'part-end':
      return endPart(state, open);
    case 'part-start':
    case 'part-whole':
      return [state, []];
  }
}

function takePart(state: Encoding, event: PartEvent): Step {
  if (state.open && state.open.index !== event.index) return [{ ...state, held: hold(state.held, event) }, []];
  if (event.type === 'part-start')
    return [{ ...state, open: { index: event.index, part: event.part, argumentsText: '', segment: 0 } }, []];
  if (event.type !== 'part-whole') return state.open ? writePart(state, state.open, event) : [state, []];
  const { part } = event;
  if (part.type === 'server-tool-call' || part.type === 'server-tool-result')
    return [{ ...state, grounding: addSearch(state.grounding, part) }, []];
  const [only] = partsOfWhole(part);
  return only ? write(state, 'other', only) : [state, []];
}

function end(state: Encoding): readonly WireChunk[] {
  const [quiet, flushed] = flush(state);
  const { finish = { reason: 'other' }, usage, tier, envelope, refused, wireParts } = quiet;
  const usageMetadata = usage && usageFromIr(usage, tier);
  const blocked = wireParts === 0 ? blockWord(finish) : undefined;
  const explanation = finish.refusal?.explanation;
  if (blocked !== undefined) {
    const told = explanation === blocked ? undefined : explanation;
    const promptFeedback = { blockReason: blocked, ...given({ blockReasonMessage: told }) };
    return [{ promptFeedback, ...given({ usageMetadata }), ...envelope }];
  }
  const reason = refused && finish.reason === 'stop' ? ({ reason: 'refusal' } as const) : finish;
  const candidate = {
    // The SDKs take a turn without parts for a broken one, and drop it from the conversation.
    content: { ...(wireParts > 0 && { parts: [{ text: '' }] }), role: 'model' },
    finishReason: finishWord(reason),
    ...given({ finishMessage: explanation, continuationToken: reason.continuation }),
    index: 0,
    ...given({ groundingMetadata: groundingFromIr(quiet.grounding, quiet.texts) }),
  };
  return [...flushed, { candidates: [candidate], ...given({ usageMetadata }), ...envelope }];
}

function step(state: Encoding, event: StreamEvent): Step {
  if ('index' in event) {
    const [next, chunks] = takePart(state, event);
    return next.open || next.held.length === 0 ? [next, chunks] : release(next, chunks, takePart);
  }
  switch (event.type) {
    case 'response-start': {
      const envelope = { modelVersion: event.model ?? '', responseId: event.id ?? 'unnamed' };
      return [{ ...state, envelope, tier: event.tier }, []];
    }
    case 'usage':
      return [{ ...state, usage: event.usage }, []];
    case 'tier':
      return [{ ...state, tier: event.tier }, []];
    case 'finish':
      return [{ ...state, finish: event.finish }, []];
    case 'response-end':
      return [state, end(state)];
    // This wire has no word for being alive, and its clients break on comments (clients 0.11).
    case 'ping':
    case 'error':
      return [state, []];
  }
}

export const encode: StreamStep<StreamEvent, WireChunk, Encoding> = {
  start: () => ({
    envelope: { modelVersion: '', responseId: 'unnamed' },
    open: undefined,
    held: [],
    pending: undefined,
    last: undefined,
    wireParts: 0,
    calls: 0,
    texts: {},
    grounding: UNGROUNDED,
    refused: false,
    usage: undefined,
    tier: undefined,
    finish: undefined,
  }),
  step,
  end: () => [],
};

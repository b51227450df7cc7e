import type { GenerateRequest, Part, ReasoningPart, SystemSegment, Turn } from '@bytespike/ir';

import type { GeminiCompatibility } from '../compatibility/gemini.js';
import { given } from '../given.js';
import { instructionWords } from '../instruction-words.js';
import type { LossList } from '../losses.js';
import { isWrapped } from '../wrapped-arguments.js';
import { writtenContents } from './model-stretches.js';
import { callArguments, contentFromIr, ownPart, resultFromIr } from './parts-from-ir.js';
import type { WireContent, WirePart, WireRequest } from './schema.js';
import { BYPASS, writeSignature } from './thought-signature.js';

const protocol = 'gemini-generate' as const;

/** What the turns are written for. */
export interface Writing {
  readonly vendor: string;
  readonly to: GeminiCompatibility;
  readonly losses: LossList;
}

/** A turn as this wire wrote it, in one content: its calls' responses could not stand directly behind several. */
function ownContent(turn: Turn): WireContent | undefined {
  const contents = writtenContents(turn.raw);
  const first = contents?.[0];
  if (!first || contents.length === 1) return first;
  return { ...first, parts: contents.flatMap(({ parts }) => parts) };
}

export function instructionFromIr(
  system: readonly SystemSegment[],
  losses: LossList,
): Pick<WireRequest, 'systemInstruction'> {
  const [first] = system;
  if (system.length === 1 && first?.raw?.protocol === protocol)
    return { systemInstruction: first.raw.value as { parts: WirePart[] } };
  const parts = system.flatMap((segment, index) => {
    if (segment.name !== undefined) losses.drop('L05', `system.${index}.name`);
    return instructionWords(segment, `system.${index}`, losses).flatMap((part): WirePart[] => {
      if (part.cache) losses.drop('L83', `system.${index}.cache_control`);
      if (part.attribution) losses.drop('L86', `system.${index}`);
      return part.attribution || part.text === '' ? [] : [{ text: part.text }];
    });
  });
  return parts.length > 0 ? { systemInstruction: { parts } } : {};
}

type Numbered = readonly [turn: Turn, index: number];

/** Contents in their order, the results of every step in one content directly behind its calls (protocols 2.5). */
export function contentsFromIr(turns: GenerateRequest['turns'], writing: Writing): WireContent[] {
  const contents: WireContent[] = [];
  let calls: Call[] = [];
  /** The content of the step that is being written, which is ours alone to add to. */
  let step: WirePart[] = [];
  let run: Numbered[] = [];
  const closeRun = (): void => {
    for (const content of userRun(run, calls, writing)) contents.push(content);
    run = [];
  };
  turns.forEach((turn, index) => {
    if (turn.name !== undefined) writing.losses.drop('L05', `turns.${index}.name`);
    if (turn.role !== 'assistant') return void run.push([turn, index]);
    // What the model says without having been answered is one step with what it said before.
    const sameStep = run.length === 0 && contents.at(-1)?.role === 'model';
    closeRun();
    if (!sameStep) calls = [];
    const content = ownContent(turn) ?? { role: 'model' as const, parts: modelParts(turn, index, writing) };
    const written = calls.length > 0 ? content : signed(content, index, writing);
    for (const call of callsOf(turn)) calls.push(call);
    if (written.parts.length === 0) return;
    // Calls of one step stand in one content, or their responses could not stand directly behind them.
    if (sameStep) {
      for (const part of written.parts) step.push(part);
      return;
    }
    step = [...written.parts];
    contents.push({ ...written, parts: step });
  });
  closeRun();
  return contents;
}

interface Call {
  readonly id: string;
  readonly name: string;
  /** Whether the wire said the id; one of our own making stays ours. */
  readonly said: boolean;
}

const callsOf = ({ parts }: Turn): readonly Call[] =>
  parts.flatMap((part) => {
    if (part.type !== 'tool-call') return [];
    const own = ownPart(part);
    return [{ id: part.id, name: part.name, said: own ? own.functionCall?.id !== undefined : true }];
  });

/** User and system turns between two of the model's: every result first, in the order of the calls, then the rest. */
function userRun(run: readonly Numbered[], calls: readonly Call[], { to, losses }: Writing): WireContent[] {
  const results: { readonly order: number; readonly part: WirePart }[] = [];
  const said: WireContent[] = [];
  // What this wire wrote itself, its vendors take however it was divided.
  const own = run.flatMap(([turn]) => ownContent(turn) ?? []);
  if (own.length === run.length) return own;
  const places = new Map<string, number>();
  for (const [place, { id }] of calls.entries()) if (!places.has(id)) places.set(id, place);
  for (const [turn, index] of run) {
    const content = ownContent(turn);
    if (content && !turn.parts.some(({ type }) => type === 'tool-result')) {
      said.push(content);
      continue;
    }
    const parts: WirePart[] = [];
    turn.parts.forEach((part, at) => {
      const path = `turns.${index}.parts.${at}`;
      if (isUnread(turn, part)) return losses.drop('L14', path);
      if (part.type !== 'tool-result') return void parts.push(...contentFromIr(part, path, losses));
      const order = places.get(part.callId) ?? calls.length;
      const call = calls[order];
      const name = call?.name ?? part.name ?? 'unknown';
      const id = call?.said === false ? undefined : part.callId;
      const { response, beside } = resultFromIr(part, { name, id, path }, to, losses);
      results.push({ order, part: response });
      parts.push(...beside);
    });
    if (parts.length > 0) said.push({ role: 'user', parts: delimited(turn, parts, `turns.${index}`, losses) });
  }
  if (results.length === 0) return said;
  const inOrder = results.toSorted((a, b) => a.order - b.order).map(({ part }) => part);
  return [{ role: 'user', parts: inOrder }, ...said];
}

/**
 * What no reader here knows: of instructions all but words, of a user's turn a form of another wire. Of the model's turns
 * that would be history of its tools.
 */
const isUnread = (turn: Turn, part: Turn['parts'][number]): boolean =>
  isInstruction(turn)
    ? part.type === 'media' || part.type === 'opaque'
    : turn.role === 'user' && part.type === 'opaque' && part.protocol !== 'gemini-generate';

const isInstruction = ({ role }: Turn): boolean => role === 'system' || role === 'developer';

/** This wire has no instructions within a conversation: they are the user's words, and are marked as what they are. */
function delimited(turn: Turn, parts: WirePart[], path: string, losses: LossList): WirePart[] {
  if (!isInstruction(turn)) return parts;
  losses.approximate('L03', path);
  const text = parts.flatMap((part) => (part.text === undefined ? [] : [part.text])).join('\n\n');
  return [{ text: `<system>\n${text}\n</system>` }];
}

/** What the model said, each signature back on the part it came from. */
function modelParts(turn: Turn, index: number, writing: Writing): WirePart[] {
  const parts: WirePart[] = [];
  let signature: string | undefined;
  turn.parts.forEach((part, at) => {
    const path = `turns.${index}.parts.${at}`;
    if (part.type === 'reasoning') {
      const state = stateOf(part, path, writing);
      const beforeCall = turn.parts[at + 1]?.type === 'tool-call';
      parts.push(...state.parts);
      if (beforeCall) signature = state.forNext;
      else if (state.forNext !== undefined) parts.push({ text: '', thoughtSignature: state.forNext });
      return;
    }
    const written =
      part.type === 'tool-call' ? [callPart(part, path, writing)] : contentFromIr(part, path, writing.losses);
    const [first, ...rest] = written;
    if (!first) return;
    const signs = signature !== undefined && first.thoughtSignature === undefined && part.type === 'tool-call';
    parts.push(signs ? { ...first, thoughtSignature: signature } : first, ...rest);
    if (part.type === 'tool-call') signature = undefined;
  });
  return parts;
}

function callPart(part: Extract<Part, { type: 'tool-call' }>, path: string, { vendor, losses }: Writing): WirePart {
  const own = ownPart(part);
  if (own) return own;
  if (part.cache) losses.drop('L83', `${path}.cache_control`);
  const { id, name } = part;
  const args = callArguments(part);
  if (isWrapped(part, args)) losses.approximate('L87', `${path}.arguments`);
  const capsule = part.capsules?.find((held) => isNative(held, vendor));
  return {
    functionCall: { id, name, args },
    ...(capsule && { thoughtSignature: writeSignature(capsule.data) }),
  };
}

const isNative = ({ origin }: NonNullable<ReasoningPart['capsules']>[number], vendor: string): boolean =>
  origin.protocol === protocol && (origin.vendor === undefined || origin.vendor === vendor);

interface WrittenState {
  readonly parts: readonly WirePart[];
  /** The signature of the call that follows. */
  readonly forNext?: string;
}

/** A thought of this vendor goes back as it was shown, its signature to the part it signs; another's stays behind. */
function stateOf(part: ReasoningPart, path: string, { vendor, losses }: Writing): WrittenState {
  const native = (part.capsules ?? []).filter((capsule) => isNative(capsule, vendor));
  if (native.length === 0) {
    losses.drop('L40', path);
    return { parts: [] };
  }
  const text = part.segments.join('\n\n');
  const signature = native.find(({ kind, data }) => kind !== 'plain-reasoning' && data !== '');
  const thoughtSignature = signature && writeSignature(signature.data);
  if (text !== '') return { parts: [{ text, thought: true, ...given({ thoughtSignature }) }] };
  if (signature?.kind === 'text-signature') return { parts: [{ text: '', ...given({ thoughtSignature }) }] };
  return { parts: [], ...given({ forNext: thoughtSignature }) };
}

/**
 * Current models refuse a step whose first call has no signature. History that never had one carries the documented
 * word instead, on that call alone (protocols 2.6).
 */
function signed(content: WireContent, index: number, { to, losses }: Writing): WireContent {
  const first = content.parts.findIndex(({ functionCall }) => functionCall !== undefined);
  const call = content.parts[first];
  if (to.signatures === 'optional' || !call || call.thoughtSignature !== undefined) return content;
  losses.approximate('L41', `turns.${index}`);
  const parts = content.parts.map((part, at) => (at === first ? { ...part, thoughtSignature: BYPASS } : part));
  return { ...content, parts };
}

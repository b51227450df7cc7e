import { isJsonObject, tryParseJson } from '@bytespike/kernel';
import type { Capsule, GenerateRequest, Part, ReasoningPart, StreamEvent, ToolCallPart, Turn } from '@bytespike/ir';

import { mayRead, type Reader } from './reader.js';

/** What the next turn needs of a call's reasoning, under the id by which the client knows the call. */
export interface Memory {
  readonly callId: string;
  /** Opaque to whoever keeps it. */
  readonly state: string;
}

interface Written {
  readonly channel?: string | undefined;
  readonly reasoning: readonly ReasoningPart[];
}

type Growing = { -readonly [K in keyof ReasoningPart]: ReasoningPart[K] } & {
  segments: string[];
  capsules: Capsule[];
};

/** Hears an answer, and tells at its end which reasoning stood in front of which call. */
export interface Recollection {
  hear(event: StreamEvent): void;
  memories(): readonly Memory[];
}

export function openRecollection({ vendor, channel }: Pick<Reader, 'vendor' | 'channel'>): Recollection {
  const growing = new Map<number, Growing>();
  const before = new Map<string, readonly Growing[]>();
  let waiting: Growing[] = [];

  const start = ({ index, part }: Extract<StreamEvent, { type: 'part-start' }>): void => {
    if (part.type === 'reasoning') {
      const reasoning: Growing = { type: 'reasoning', visibility: part.visibility, segments: [], capsules: [] };
      growing.set(index, reasoning);
      waiting.push(reasoning);
    }
    if (part.type !== 'tool-call' || waiting.length === 0) return;
    before.set(part.id, waiting);
    waiting = [];
  };

  return {
    hear(event) {
      if (event.type === 'part-start') return start(event);
      const part = 'index' in event ? growing.get(event.index) : undefined;
      if (!part) return;
      if (event.type === 'capsule')
        part.capsules.push({ ...event.capsule, origin: { ...event.capsule.origin, vendor } });
      if (event.type !== 'reasoning-delta') return;
      while (part.segments.length <= event.segment) part.segments.push('');
      part.segments[event.segment] += event.text;
    },
    memories: () =>
      [...before].flatMap(([callId, parts]): Memory[] => {
        const reasoning = parts.filter(({ capsules }) => capsules.length > 0);
        if (reasoning.length === 0) return [];
        return [{ callId, state: JSON.stringify({ channel, reasoning } satisfies Written) }];
      }),
  };
}

/** Calls that came back without reasoning their vendor could read, by the ids under which it may be remembered. */
export function callsWithoutReasoning({ turns }: GenerateRequest, reader: Reader): readonly string[] {
  return turns.flatMap(({ role, parts }) =>
    role === 'assistant'
      ? steps(parts).flatMap(({ call, state }) => (call && !hasState(state, reader) ? call.id : []))
      : [],
  );
}

/** The request with the reasoning that its client did not send back. */
export function recallReasoning(
  request: GenerateRequest,
  remembered: ReadonlyMap<string, string>,
  reader: Reader,
): GenerateRequest {
  if (remembered.size === 0) return request;
  const turns = request.turns.map((turn): Turn => {
    if (turn.role !== 'assistant') return turn;
    const parts = steps(turn.parts).flatMap((step): readonly Part[] => {
      const written = step.call && !hasState(step.state, reader) ? remembered.get(step.call.id) : undefined;
      const recalled = written === undefined ? [] : readState(written, reader);
      if (recalled.length === 0 || !step.call) return step.parts;
      return [...recalled, ...step.parts.filter(({ type }) => type !== 'reasoning')];
    });
    if (parts.length === turn.parts.length && parts.every((part, at) => part === turn.parts[at])) return turn;
    const { raw: _raw, ...rest } = turn;
    return { ...rest, parts };
  });
  return { ...request, turns };
}

/** A call with what stands between it and the call before it; the last step may have no call. */
interface Step {
  readonly parts: readonly Part[];
  readonly state: readonly ReasoningPart[];
  readonly call?: ToolCallPart;
}

function steps(parts: readonly Part[]): readonly Step[] {
  const found: Step[] = [];
  let open: Part[] = [];
  const state = (): readonly ReasoningPart[] => open.filter((part) => part.type === 'reasoning');
  for (const part of parts) {
    open.push(part);
    if (part.type !== 'tool-call') continue;
    found.push({ parts: open, state: state(), call: part });
    open = [];
  }
  return open.length > 0 ? [...found, { parts: open, state: state() }] : found;
}

const hasState = (state: readonly ReasoningPart[], reader: Reader): boolean =>
  state.some(({ capsules = [] }) => capsules.some((capsule) => mayRead(reader, capsule, undefined)));

/** What we wrote ourselves and kept encrypted; its shape is checked all the same, since versions of it may differ. */
function readState(written: string, reader: Reader): readonly ReasoningPart[] {
  const content = tryParseJson(written);
  if (!isJsonObject(content)) return [];
  const channel = typeof content['channel'] === 'string' ? content['channel'] : undefined;
  const reasoning: readonly unknown[] = Array.isArray(content['reasoning']) ? content['reasoning'] : [];
  return reasoning.filter(isReasoning).flatMap((part) => {
    const capsules = (part.capsules ?? []).filter((capsule) => mayRead(reader, capsule, channel));
    return capsules.length > 0 ? [{ ...part, capsules }] : [];
  });
}

const isReasoning = (part: unknown): part is ReasoningPart => isJsonObject(part) && part['type'] === 'reasoning';

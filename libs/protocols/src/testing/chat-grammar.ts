import { sseRecords } from './sse-records.js';

/**
 * The grammar of a Chat stream, written from the reference (protocols 1.3) and not from our encoder, so that one
 * cannot excuse the other.
 */
interface Fragment {
  readonly index?: number;
  readonly id?: string;
  readonly type?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
  readonly custom?: { readonly name?: string; readonly input?: string };
}

interface Chunk {
  readonly id?: string;
  readonly object?: string;
  readonly created?: number;
  readonly model?: string;
  readonly choices?: readonly {
    readonly index?: number;
    readonly delta?: { readonly role?: string; readonly tool_calls?: readonly Fragment[] };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: Readonly<Record<string, unknown>> | null;
  readonly error?: unknown;
}

const FINISH_REASONS = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call'];

/** Records of an SSE text but for comments, `[DONE]` included; throws when one is more than its data. */
export function readChatStream(text: string): readonly (Chunk | '[DONE]')[] {
  return sseRecords(text).map((record) => {
    const match = /^data: ([^\n]*)$/.exec(record);
    if (!match) throw new Error(`not a record: ${record}`);
    return match[1] === '[DONE]' ? '[DONE]' : (JSON.parse(match[1] ?? '') as Chunk);
  });
}

/** What has been read of a stream: the calls by number, and how far the end has come. */
interface Reading {
  readonly kinds: string[];
  stage: 'talking' | 'finished' | 'reported' | 'done';
}

/** The first fault of a stream, or `undefined`. `whole` streams must end in `[DONE]`. */
export function findChatFault(items: readonly (Chunk | '[DONE]')[], expected: 'whole' | 'cut'): string | undefined {
  const [first] = items;
  if (first === undefined) return expected === 'whole' ? 'empty' : undefined;
  if (first === '[DONE]') return 'begins with [DONE]';
  if (first.choices?.[0]?.delta?.role !== 'assistant') return 'begins without a role';
  const reading: Reading = { kinds: [], stage: 'talking' };
  for (const item of items) {
    const fault = item === '[DONE]' ? readDone(reading) : readChunk(reading, item, first);
    if (fault !== undefined) return fault;
  }
  if (expected === 'cut') return reading.stage === 'talking' ? undefined : `a cut stream that is ${reading.stage}`;
  return reading.stage === 'done' ? undefined : 'no [DONE]';
}

function readDone(reading: Reading): string | undefined {
  if (reading.stage === 'talking') return '[DONE] before a finish reason';
  if (reading.stage === 'done') return 'a second [DONE]';
  reading.stage = 'done';
  return undefined;
}

function readChunk(reading: Reading, chunk: Chunk, first: Chunk): string | undefined {
  if (chunk.object !== 'chat.completion.chunk') return `an object ${String(chunk.object)}`;
  if (!chunk.id?.startsWith('chatcmpl-')) return 'an id without chatcmpl-';
  for (const field of ['id', 'created', 'model'] as const)
    if (chunk[field] === undefined || chunk[field] !== first[field]) return `${field} changes or is missing`;
  if (chunk.choices === undefined) return 'no choices';
  const [choice, ...others] = chunk.choices;
  if (reading.stage === 'done') return 'a chunk after [DONE]';
  if (!choice) {
    if (reading.stage !== 'finished') return `a report while ${reading.stage}`;
    if (typeof chunk.usage?.['total_tokens'] !== 'number') return 'a report without numbers';
    reading.stage = 'reported';
    return undefined;
  }
  if (others.length > 0 || choice.index !== 0) return 'another choice than the first';
  if (reading.stage !== 'talking') return `content while ${reading.stage}`;
  if (chunk.usage) return 'usage beside content';
  const fault = (choice.delta?.tool_calls ?? []).map((fragment) => readFragment(reading, fragment)).find(Boolean);
  if (fault !== undefined) return fault;
  if (choice.finish_reason === null || choice.finish_reason === undefined) return undefined;
  if (!FINISH_REASONS.includes(choice.finish_reason)) return `finish_reason ${choice.finish_reason}`;
  if (Object.keys(choice.delta ?? {}).length > 0) return 'content beside a finish reason';
  if (reading.kinds.length > 0 && choice.finish_reason === 'stop') return 'stop after a call';
  if (reading.kinds.length === 0 && choice.finish_reason === 'tool_calls') return 'tool_calls without a call';
  reading.stage = 'finished';
  return undefined;
}

function readFragment({ kinds }: Reading, fragment: Fragment): string | undefined {
  const { index, id, type } = fragment;
  const kind = fragment.function ? 'function' : fragment.custom ? 'custom' : 'none';
  if (index === undefined || kind === 'none') return 'a fragment of no call';
  if (index === kinds.length) {
    const name = fragment.function?.name ?? fragment.custom?.name;
    if (!id || !name || type !== kind) return `call ${index} begins without id, name or type`;
    kinds.push(kind);
    return undefined;
  }
  if (kinds[index] !== kind) return `a fragment of call ${index}, of another kind or out of order`;
  return id === undefined && fragment.function?.name === undefined ? undefined : `call ${index} begins twice`;
}

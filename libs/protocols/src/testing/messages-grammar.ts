import { sseRecords } from './sse-records.js';

/**
 * The grammar of a Messages stream, written from the reference (protocols 1.1) and not from our encoder, so that one
 * cannot excuse the other.
 */
interface Event {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly id?: string; readonly model?: string; readonly usage?: Record<string, unknown> };
  readonly content_block?: { readonly type: string; readonly text?: string; readonly input?: object };
  readonly delta?: { readonly type?: string; readonly stop_reason?: string | null };
  readonly usage?: Record<string, unknown>;
}

const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
};

const STOP_REASONS =
  'end_turn max_tokens stop_sequence tool_use pause_turn refusal model_context_window_exceeded compaction'.split(' ');

/** Records of an SSE text, but for comments; throws when one lacks its event line or names another event. */
export function readMessagesStream(text: string): readonly Event[] {
  return sseRecords(text).map((record) => {
    const match = /^event: (\S+)\ndata: ([^\n]*)$/.exec(record);
    if (!match) throw new Error(`not a record: ${record}`);
    const event = JSON.parse(match[2] ?? '') as Event;
    if (event.type !== match[1]) throw new Error(`event ${match[1]} carries ${event.type}`);
    return event;
  });
}

/** What has been read: the open block with its deltas, what has been called, and how far the end has come. */
interface Reading {
  next: number;
  open: { readonly index: number; readonly type: string; readonly deltas: string[] } | undefined;
  calls: number;
  closing: 'no' | 'delta' | 'stop';
}

/** The first fault of a stream, or `undefined`. `whole` streams must end in `message_stop`. */
export function findMessagesFault(events: readonly Event[], expected: 'whole' | 'cut'): string | undefined {
  const [first, ...rest] = events;
  if (!first) return expected === 'whole' ? 'empty' : undefined;
  if (first.type !== 'message_start') return `begins with ${first.type}`;
  if (typeof first.message?.usage?.['input_tokens'] !== 'number') return 'message_start without usage numbers';
  if (!first.message.id?.startsWith('msg_')) return 'an id without msg_';
  const reading: Reading = { next: 0, open: undefined, calls: 0, closing: 'no' };
  for (const event of rest) {
    if (reading.closing === 'stop') return `${event.type} after message_stop`;
    const fault = readEvent(reading, event);
    if (fault !== undefined) return fault;
  }
  return expected === 'whole' && reading.closing !== 'stop' ? 'no message_stop' : undefined;
}

function readEvent(reading: Reading, event: Event): string | undefined {
  switch (event.type) {
    case 'ping':
      return undefined;
    case 'content_block_start':
      return startBlock(reading, event);
    case 'content_block_delta':
      return readDelta(reading, event);
    case 'content_block_stop':
      return stopBlock(reading, event);
    case 'message_delta':
      return readMessageDelta(reading, event);
    case 'message_stop':
      if (reading.closing !== 'delta') return 'message_stop without message_delta';
      reading.closing = 'stop';
      return undefined;
    default:
      return `an unknown event ${event.type}`;
  }
}

function startBlock(reading: Reading, { index, content_block: block }: Event): string | undefined {
  if (reading.open || reading.closing !== 'no') return `block ${index} begins where none may`;
  if (index !== reading.next) return `block ${index} where ${reading.next} is next`;
  const type = block?.type ?? '';
  if (type === 'tool_use' && Object.keys(block?.input ?? {}).length > 0) return 'input in a start';
  if (type === 'tool_use') reading.calls += 1;
  reading.open = { index, type, deltas: [] };
  reading.next += 1;
  return undefined;
}

function readDelta({ open }: Reading, { index, delta }: Event): string | undefined {
  if (!open || open.index !== index) return `delta of ${index}, which is not open`;
  const type = delta?.type ?? '';
  if (!DELTAS[open.type]?.includes(type)) return `${type} in ${open.type}`;
  if (open.deltas.includes('signature_delta')) return `${type} behind the signature of block ${index}`;
  open.deltas.push(type);
  return undefined;
}

function stopBlock(reading: Reading, { index }: Event): string | undefined {
  if (reading.open?.index !== index) return `end of ${index}, which is not open`;
  reading.open = undefined;
  return undefined;
}

function readMessageDelta(reading: Reading, { delta, usage }: Event): string | undefined {
  if (reading.open || reading.closing !== 'no') return 'message_delta where none may be';
  const reason = delta?.stop_reason ?? '';
  if (!STOP_REASONS.includes(reason)) return `stop_reason ${reason}`;
  if (reason === 'tool_use' && reading.calls === 0) return 'tool_use without a call';
  if (reason === 'end_turn' && reading.calls > 0) return 'end_turn behind a call';
  if (typeof usage?.['output_tokens'] !== 'number') return 'message_delta without usage numbers';
  reading.closing = 'delta';
  return undefined;
}

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

/** Records of an SSE text, but for comments; throws when one lacks its event line or names another event. */
export function readMessagesStream(text: string): readonly Event[] {
  return sseRecords(text).map((record) => {
    const match = /^event: (\S+)\ndata: (.*)$/.exec(record);
    if (!match) throw new Error(`not a record: ${record}`);
    const event = JSON.parse(match[2] ?? '') as Event;
    if (event.type !== match[1]) throw new Error(`event ${match[1]} carries ${event.type}`);
    return event;
  });
}

/** The first fault of a stream, or `undefined`. `whole` streams must end in `message_stop`. */
export function findMessagesFault(events: readonly Event[], expected: 'whole' | 'cut'): string | undefined {
  const [first, ...rest] = events;
  if (!first) return expected === 'whole' ? 'empty' : undefined;
  if (first.type !== 'message_start') return `begins with ${first.type}`;
  if (typeof first.message?.usage?.['input_tokens'] !== 'number') return 'message_start without usage numbers';
  if (!first.message.id?.startsWith('msg_')) return 'an id without msg_';
  let open: { index: number; type: string } | undefined;
  let next = 0;
  let closing: 'no' | 'delta' | 'stop' = 'no';
  for (const event of rest) {
    if (closing === 'stop') return `${event.type} after message_stop`;
    if (event.type === 'ping') continue;
    if (event.type === 'content_block_start') {
      if (open || closing !== 'no') return `block ${event.index} begins where none may`;
      if (event.index !== next) return `block ${event.index} where ${next} is next`;
      const input = event.content_block?.input;
      if (event.content_block?.type === 'tool_use' && Object.keys(input ?? {}).length > 0) return 'input in a start';
      open = { index: next, type: event.content_block?.type ?? '' };
      next += 1;
    } else if (event.type === 'content_block_delta') {
      if (!open || open.index !== event.index) return `delta of ${event.index}, which is not open`;
      if (!DELTAS[open.type]?.includes(event.delta?.type ?? '')) return `${event.delta?.type} in ${open.type}`;
    } else if (event.type === 'content_block_stop') {
      if (!open || open.index !== event.index) return `end of ${event.index}, which is not open`;
      open = undefined;
    } else if (event.type === 'message_delta') {
      if (open || closing !== 'no') return 'message_delta where none may be';
      if (!event.delta?.stop_reason || typeof event.usage?.['output_tokens'] !== 'number')
        return 'an empty message_delta';
      closing = 'delta';
    } else if (event.type === 'message_stop') {
      if (closing !== 'delta') return 'message_stop without message_delta';
      closing = 'stop';
    } else return `an unknown event ${event.type}`;
  }
  return expected === 'whole' && closing !== 'stop' ? 'no message_stop' : undefined;
}

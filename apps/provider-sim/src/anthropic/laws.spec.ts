import fc from 'fast-check';
import { createMemory } from '../wire/create-memory.js';
import type { Call, Reply } from '../wire/wire.js';
import { anthropic } from './anthropic.js';

const route = anthropic.routes.find(({ path }) => path === '/v1/messages');

/** Calls the route itself, with a memory of its own: no socket, no earlier call. */
const answer = (body: object): Reply | undefined => {
  const raw = Buffer.from(JSON.stringify(body));
  const call: Call = {
    vendor: 'anthropic',
    params: {},
    query: new URLSearchParams(),
    headers: { 'anthropic-version': '2023-06-01' },
    raw,
    json: () => JSON.parse(raw.toString()),
    key: 'sim-key',
    digest: '00',
    nowMs: 0,
    memory: createMemory(),
  };
  return route?.handle(call);
};

type Block = Record<string, unknown>;
interface Event {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Block;
  readonly delta?: Block;
  readonly usage?: Block;
  readonly message?: Block & { content: Block[]; usage: Block };
}

const eventsOf = (reply: Reply | undefined): readonly Event[] =>
  reply?.type === 'stream'
    ? reply.frames.map(({ text }) => {
        const [, name, data] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(text) ?? [];
        const event = JSON.parse(data ?? '') as Event;
        expect(event.type).toBe(name);
        return event;
      })
    : [];

/** A call that the token limit cut short has no arguments that could be used. */
const argumentsIn = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
};

/** Puts a stream together again as its documentation says, by nobody's SDK. */
const fold = (events: readonly Event[]): unknown => {
  const message = events[0]?.message ?? { content: [], usage: {} };
  const json: string[] = [];
  for (const { type, index = 0, content_block: block, delta = {}, usage } of events) {
    const open = message.content[index] ?? {};
    if (type === 'content_block_start') message.content.push({ ...block });
    if (delta.type === 'text_delta') open.text = `${String(open.text)}${String(delta.text)}`;
    if (delta.type === 'thinking_delta') open.thinking = `${String(open.thinking)}${String(delta.thinking)}`;
    if (delta.type === 'signature_delta') open.signature = delta.signature;
    if (delta.type === 'citations_delta') open.citations = [...(open.citations as unknown[]), delta.citation];
    if (delta.type === 'input_json_delta') json[index] = `${json[index] ?? ''}${String(delta.partial_json)}`;
    if (type === 'content_block_stop' && json[index]) open.input = argumentsIn(json[index]);
    if (type === 'message_delta') Object.assign(message, delta, { usage: { ...message.usage, ...usage } });
  }
  return message;
};

const word = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\n[\]]/g, ' '));
const line = fc.oneof(
  word.map((text) => `say: ${text}`),
  word.map((text) => `think: ${text}`),
  word.map((text) => `search: ${text}`),
  word.map((text) => `call look ${JSON.stringify({ at: text })}`),
  fc.constantFrom('call look', 'count to 12', 'words 30', 'refuse', 'empty', 'max', 'think redacted: hm'),
);
const request = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 5 }),
  thinks: fc.boolean(),
  hides: fc.boolean(),
  stop: fc.constantFrom([], ['7'], ['amber']),
});

const bodyOf = ({
  lines,
  thinks,
  hides,
  stop,
}: {
  lines: string[];
  thinks: boolean;
  hides: boolean;
  stop: readonly string[];
}) => ({
  model: 'claude-sonnet-4-6',
  max_tokens: 500,
  stop_sequences: stop,
  ...(thinks && { thinking: { type: 'adaptive', ...(hides && { display: 'omitted' }) } }),
  tools: [
    { name: 'look', input_schema: { type: 'object' } },
    { type: 'web_search_20250305', name: 'web_search' },
  ],
  messages: [{ role: 'user', content: `go\n${lines.join('\n')}` }],
});

describe('for any script', () => {
  it('the stream folds to the unary body', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const body = bodyOf(asked);
        const whole = answer(body);
        const events = eventsOf(answer({ ...body, stream: true }));
        expect(fold(events)).toEqual(whole?.type === 'json' ? JSON.parse(whole.body) : undefined);
      }),
      { numRuns: 40 },
    );
  });

  it('the stream keeps to its grammar', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const events = eventsOf(answer({ ...bodyOf(asked), stream: true })).filter(({ type }) => type !== 'ping');
        const sentence = events.map(({ type }) => SIGNS[type] ?? '?').join('');
        expect(sentence).toMatch(/^M(sd*e)*us?$|^M(sd*e)*uE$/);
        const starts = events.filter(({ type }) => type === 'content_block_start');
        expect(starts.map(({ index }) => index)).toEqual(starts.map((_, index) => index));
      }),
      { numRuns: 40 },
    );
  });
});

const SIGNS: Readonly<Record<string, string>> = {
  message_start: 'M',
  content_block_start: 's',
  content_block_delta: 'd',
  content_block_stop: 'e',
  message_delta: 'u',
  message_stop: 'E',
};

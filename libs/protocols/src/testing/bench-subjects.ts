import type { GenerateRequest, StreamEvent, Turn } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';

import { WIRES } from '../registry.js';
import { createSseSplitter } from '../sse.js';
import { openExchange } from '../translation/exchange.js';
import { curiousBody } from './client-requests.js';
import { between, pairs, VENDORS, wireOf, type Pair } from './pairs.js';

/** One thing to be measured: work that is repeated, and how many events one round of it handles. */
export interface Subject {
  readonly events: number;
  run(): void;
}

/** A pair with the work of its translated lane; `raw` is the work of the raw lane on the same vendor's bytes. */
export interface PairSubjects extends Pair {
  readonly translatedStream: Subject;
  readonly rawStream: Subject;
  readonly translatedRequest: Subject;
  readonly rawRequest: Subject;
  /** A translated stream just before its end, for the memory it holds. */
  openStream(): unknown;
  readonly requestBytes: number;
}

const WORDS = 'the quick brown fox jumps over the lazy dog while größere Wörter und 🙂 pass by '.split(' ');

/** An answer of a thousand small deltas: a thought, a text and a call, as models stream them. */
function answerEvents(): readonly StreamEvent[] {
  const words = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${WORDS[index % WORDS.length]} `);
  const fields = words(100).map((word, index) => `${index === 0 ? '{' : ','}"k${index}":"${word}"`);
  return [
    { type: 'response-start', id: 'bench', model: 'm' },
    { type: 'part-start', index: 0, part: { type: 'reasoning', visibility: 'full' } },
    ...words(200).map((text) => ({ type: 'reasoning-delta', index: 0, segment: 0, text }) as const),
    { type: 'part-end', index: 0 },
    { type: 'part-start', index: 1, part: { type: 'text' } },
    ...words(700).map((text) => ({ type: 'text-delta', index: 1, text }) as const),
    { type: 'part-end', index: 1 },
    { type: 'part-start', index: 2, part: { type: 'tool-call', id: 'call_1', name: 'look', kind: 'function' } },
    ...fields.map((text) => ({ type: 'arguments-delta', index: 2, text }) as const),
    { type: 'arguments-delta', index: 2, text: '}' },
    { type: 'part-end', index: 2 },
    { type: 'usage', usage: { input: 1_000, output: 1_000 } },
    { type: 'finish', finish: { reason: 'tool-calls' } },
    { type: 'response-end' },
  ];
}

const encoder = new TextEncoder();

/** The records of that answer as a vendor's socket gives them, one by one. */
function vendorRecords(target: ProtocolName): readonly Uint8Array[] {
  const writer = wireOf(target).openEncoder();
  const text = answerEvents()
    .map((event) => writer.push(event))
    .join('');
  return text
    .split(/(?<=\n\n)/)
    .filter((record) => record !== '')
    .map((record) => encoder.encode(record));
}

const REQUEST_BYTES = 300_000;
/** What a vendor says when it ends: parts, usage and the terminator. */
const LAST_RECORDS = 10;

const said = (role: Turn['role'], text: string): Turn => ({ role, form: 'parts', parts: [{ type: 'text', text }] });

/** A conversation with tools of about this many bytes, of the size that coding agents send. */
function longConversation(question: string): GenerateRequest {
  const result = `${WORDS.join(' ')}\n`.repeat(20);
  const round = (index: number): readonly Turn[] => {
    const id = `call_${index}`;
    const call = {
      type: 'tool-call',
      id,
      name: 'read',
      kind: 'function',
      argumentsText: `{"path":"src/${index}.ts"}`,
    } as const;
    return [
      { role: 'assistant', form: 'parts', parts: [{ type: 'text', text: `Step ${index}.` }, call] },
      {
        role: 'user',
        form: 'parts',
        parts: [
          { type: 'tool-result', callId: id, name: 'read', form: 'string', content: [{ type: 'text', text: result }] },
        ],
      },
    ];
  };
  const rounds = Array.from({ length: Math.ceil(REQUEST_BYTES / (result.length + 250)) }, (_, index) => round(index));
  return {
    model: 'm',
    stream: true,
    system: [
      { role: 'system', slot: 'field', form: 'parts', parts: [{ type: 'text', text: 'You are a coding agent.' }] },
    ],
    turns: [said('user', 'Fix it.'), ...rounds.flat(), said('assistant', 'Fixed.'), said('user', question)],
    tools: Array.from({ length: 20 }, (_, index) => ({
      kind: 'function',
      name: index === 0 ? 'read' : `tool_${index}`,
      description: WORDS.join(' '),
      parameters: { type: 'object', properties: { path: { type: 'string', description: WORDS.join(' ') } } },
    })),
    limits: { maxOutputTokens: 32_000 },
  };
}

/** A long conversation as a client of this dialect sends it, with a question at its end. */
const longBody = (client: ProtocolName, question: string): string =>
  JSON.stringify(wireOf(client).writeRequest(longConversation(question), VENDORS[client][0]).wire);

function pairSubjects(pair: Pair): PairSubjects {
  const { client, target } = pair;
  const records = vendorRecords(target);
  const options = between(pair);
  const asked = curiousBody(client);
  const body = longBody(client, 'Go on.');
  const bytes = encoder.encode(body);
  return {
    ...pair,
    requestBytes: bytes.length,
    translatedStream: {
      events: records.length,
      run() {
        const stream = openExchange(asked, options).stream();
        for (const record of records) stream.push(record);
        stream.end();
      },
    },
    openStream() {
      const stream = openExchange(asked, options).stream();
      for (const record of records.slice(0, -LAST_RECORDS)) stream.push(record);
      return stream;
    },
    rawStream: {
      events: records.length,
      run() {
        const meter = WIRES[target].meter.stream({});
        const splitter = createSseSplitter();
        for (const record of records) splitter.push(record, (whole) => void meter.record(whole));
        meter.reading();
      },
    },
    translatedRequest: { events: 1, run: () => void openExchange(body, options) },
    rawRequest: { events: 1, run: () => void WIRES[client].peek(bytes) },
  };
}

/** Everything `npm run bench:protocols` measures. */
export const benchSubjects = (): readonly PairSubjects[] => pairs.map(pairSubjects);

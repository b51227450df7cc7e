import { INPUT_CLASSES, PROTOCOL_NAMES, type ProtocolName, type Usage } from '@bytespike/kernel';
import fc from 'fast-check';

import { WIRES } from '../registry.js';
import { createSseSplitter } from '../sse.js';
import type { MeterReading } from './wire-meter.js';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const records = (...data: readonly object[]): string =>
  data.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');

/** An answer of each wire around a report of its usage, whole and as a stream. */
const ANSWERS = {
  'anthropic-messages': {
    whole: (usage) => ({ content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn', usage }),
    stream: (usage) =>
      records(
        { type: 'message_start', message: { usage } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
        { type: 'message_stop' },
      ),
  },
  'openai-chat': {
    whole: (usage) => ({ choices: [{ index: 0, finish_reason: 'stop', message: { content: 'Hello' } }], usage }),
    stream: (usage) =>
      records({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] }, { choices: [], usage }),
  },
  'openai-responses': {
    whole: (usage) => ({ status: 'completed', output: [{ type: 'message', content: [{ text: 'Hello' }] }], usage }),
    stream: (usage) =>
      records({
        type: 'response.completed',
        response: { status: 'completed', output: [{ type: 'message', content: [{ text: 'Hello' }] }], usage },
      }),
  },
  'gemini-generate': {
    whole: (usageMetadata) => ({
      candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
      usageMetadata,
    }),
    stream: (usageMetadata) =>
      records({ candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }], usageMetadata }),
  },
} as const satisfies Record<
  ProtocolName,
  { readonly whole: (usage: object) => object; readonly stream: (usage: object) => string }
>;

const readings = (protocol: ProtocolName, usage: object): readonly MeterReading[] => {
  const { meter } = WIRES[protocol];
  const { whole, stream } = ANSWERS[protocol];
  const metered = meter.stream({});
  createSseSplitter().push(new TextEncoder().encode(stream(usage)), (record) => void metered.record(record));
  return [meter.body(encode(whole(usage)), {}), metered.reading()];
};

/** Numbers a vendor might send, and what no vendor should. */
const sound = fc.nat(2_000);
const nonsense = fc.oneof(
  { weight: 6, arbitrary: sound },
  fc.constantFrom<unknown>(-1, 0.5, 2 ** 53, -(2 ** 60), 1e300, null, 'many', '7', true, [], {}, [1], { value: 1 }),
);

/** Every counter of a wire, as a shape of nested objects whose leaves are numbers. */
const shapes = (leaf: fc.Arbitrary<unknown>): Record<ProtocolName, fc.Arbitrary<object>> => {
  const some = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
  const orLeaf = (inner: fc.Arbitrary<object>) => fc.oneof({ weight: 5, arbitrary: inner }, leaf);
  const ofOpenAi = (input: string, output: string) =>
    some({
      [input]: leaf,
      [output]: leaf,
      total_tokens: leaf,
      [`${input}_details`]: orLeaf(
        some({
          cached_tokens: leaf,
          cache_write_tokens: leaf,
          audio_tokens: leaf,
          image_tokens: leaf,
          cache_write_tokens_details: orLeaf(some({ ttl_12h_tokens: leaf })),
        }),
      ),
      [`${output}_details`]: orLeaf(some({ reasoning_tokens: leaf, audio_tokens: leaf })),
      cached_tokens: leaf,
      prompt_cache_hit_tokens: leaf,
      prompt_cache_miss_tokens: leaf,
    });
  const modality = fc.constantFrom('TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'SMELL');
  const modalities = orLeaf(fc.array(some({ modality, tokenCount: leaf }), { maxLength: 3 }));
  return {
    'anthropic-messages': some({
      input_tokens: leaf,
      output_tokens: leaf,
      cache_read_input_tokens: leaf,
      cache_creation_input_tokens: leaf,
      cache_creation: orLeaf(some({ ephemeral_5m_input_tokens: leaf, ephemeral_1h_input_tokens: leaf })),
      output_tokens_details: orLeaf(some({ thinking_tokens: leaf })),
      server_tool_use: orLeaf(some({ web_search_requests: leaf })),
    }),
    'openai-chat': ofOpenAi('prompt_tokens', 'completion_tokens'),
    'openai-responses': ofOpenAi('input_tokens', 'output_tokens'),
    'gemini-generate': some({
      promptTokenCount: leaf,
      cachedContentTokenCount: leaf,
      candidatesTokenCount: leaf,
      thoughtsTokenCount: leaf,
      toolUsePromptTokenCount: leaf,
      totalTokenCount: leaf,
      promptTokensDetails: modalities,
      cacheTokensDetails: modalities,
      candidatesTokensDetails: modalities,
    }),
  };
};

const add = (usage: Usage, classes: readonly (keyof Usage)[]): number =>
  classes.reduce((sum, name) => sum + (usage[name] ?? 0), 0);
const counted = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What a report says was put in and put out, in the words of its wire; the classes must add up to it. */
const TOLD = {
  'anthropic-messages': (wire) => ({
    input:
      counted(wire['input_tokens']) +
      counted(wire['cache_read_input_tokens']) +
      counted(wire['cache_creation_input_tokens'] ?? lifetimes(wire['cache_creation'])),
    outputs: [counted(wire['output_tokens'])],
  }),
  'openai-chat': (wire) => ofOpenAi(wire, 'prompt_tokens', 'completion_tokens'),
  'openai-responses': (wire) => ofOpenAi(wire, 'input_tokens', 'output_tokens'),
  'gemini-generate': (wire) => ({
    input: counted(wire['promptTokenCount']) + counted(wire['toolUsePromptTokenCount']),
    outputs: [counted(wire['candidatesTokenCount']) + counted(wire['thoughtsTokenCount'])],
  }),
} as const satisfies Record<ProtocolName, (wire: Record<string, unknown>) => Told>;

interface Told {
  readonly input: number;
  /** Some vendors count thoughts beside the output, and their total says so: then it is the second. */
  readonly outputs: readonly number[];
}

const inside = (value: unknown, name: string): number =>
  counted((value as Record<string, unknown> | null | undefined)?.[name]);
const lifetimes = (value: unknown): number =>
  inside(value, 'ephemeral_5m_input_tokens') + inside(value, 'ephemeral_1h_input_tokens');
const ofOpenAi = (wire: Record<string, unknown>, input: string, output: string): Told => ({
  input: counted(wire[input]),
  outputs: [counted(wire[output]), counted(wire[output]) + inside(wire[`${output}_details`], 'reasoning_tokens')],
});

/** A report with something in every class that its wire has. */
const SOUND = {
  'anthropic-messages': {
    wire: {
      ...{ input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 30, cache_creation_input_tokens: 12 },
      cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 7 },
      output_tokens_details: { thinking_tokens: 8 },
      server_tool_use: { web_search_requests: 2 },
    },
    classes: {
      ...{ input: 10, cacheRead: 30, cacheWrite5m: 5, cacheWrite1h: 7, output: 12, reasoning: 8, searchCalls: 2 },
    },
  },
  'openai-chat': {
    wire: {
      ...{ prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
      prompt_tokens_details: {
        ...{ cached_tokens: 10, cache_write_tokens: 20, audio_tokens: 5, image_tokens: 6 },
        cache_write_tokens_details: { ttl_12h_tokens: 8 },
      },
      completion_tokens_details: { reasoning_tokens: 7, audio_tokens: 3 },
    },
    classes: {
      ...{ input: 59, cacheRead: 10, cacheWrite30m: 12, cacheWrite12h: 8, imageInput: 6, audioInput: 5 },
      ...{ output: 40, reasoning: 7, audioOutput: 3 },
    },
  },
  'openai-responses': {
    wire: {
      ...{ input_tokens: 100, output_tokens: 50, total_tokens: 150 },
      input_tokens_details: { cached_tokens: 98, audio_tokens: 5 },
      output_tokens_details: { reasoning_tokens: 7 },
    },
    // Of what was heard, three tokens came from the cache.
    classes: { input: 0, cacheRead: 98, audioInput: 2, output: 43, reasoning: 7 },
  },
  'gemini-generate': {
    wire: {
      ...{ promptTokenCount: 300, cachedContentTokenCount: 100, toolUsePromptTokenCount: 4 },
      ...{ candidatesTokenCount: 70, thoughtsTokenCount: 9, totalTokenCount: 383 },
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 150 },
        { modality: 'IMAGE', tokenCount: 90 },
        { modality: 'AUDIO', tokenCount: 60 },
      ],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 20 }],
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 25 }],
    },
    classes: {
      ...{ input: 70, cacheRead: 100, toolInput: 4, imageInput: 90, audioInput: 40 },
      ...{ output: 45, imageOutput: 25, reasoning: 9 },
    },
  },
} as const satisfies Record<ProtocolName, { readonly wire: object; readonly classes: Usage }>;

describe.each(PROTOCOL_NAMES)('usage on %s', (protocol) => {
  it('is believed in disjoint classes, or not at all, whatever a vendor sends', () => {
    fc.assert(
      fc.property(shapes(nonsense)[protocol], (wire) => {
        for (const { usage, quarantined, ended } of readings(protocol, wire)) {
          expect(ended).toBe(true);
          expect(quarantined).toBe(usage === undefined);
          for (const units of Object.values(usage ?? {})) expect(Number.isSafeInteger(units) && units >= 0).toBe(true);
          if (!usage) continue;
          const { input, outputs } = TOLD[protocol](wire as Record<string, unknown>);
          expect(add(usage, [...INPUT_CLASSES, 'imageInput', 'audioInput'])).toBe(input);
          expect(outputs).toContain(add(usage, ['output', 'reasoning', 'imageOutput', 'audioOutput']));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is believed where it is consistent, so that the law above says something', () => {
    const usage = SOUND[protocol];
    for (const reading of readings(protocol, usage.wire)) expect(reading.usage).toEqual(usage.classes);
  });

  it('is the same from a stream as from a body', () => {
    fc.assert(
      fc.property(shapes(sound)[protocol], (wire) => {
        const [whole, streamed] = readings(protocol, wire);
        expect([streamed?.usage, streamed?.quarantined]).toEqual([whole?.usage, whole?.quarantined]);
      }),
    );
  });
});

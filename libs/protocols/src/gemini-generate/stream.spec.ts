import { foldStream, type StreamEvent } from '@bytespike/ir';
import type { JsonObject } from '@bytespike/kernel';

import { dataItems } from '../testing/client-streams.js';
import { decode } from '../testing/comparable.js';
import { translatable } from '../translation/translatable.js';
import { geminiGenerate } from './index.js';

const wire = translatable(geminiGenerate);

const envelope = { responseId: 'r', modelVersion: 'm' };
const chunk = (parts: readonly object[] | undefined, more: object = {}) => ({
  candidates: [{ content: { role: 'model', ...(parts && { parts }) }, ...more }],
  ...envelope,
});
const STOP = { finishReason: 'STOP' };
const last = (events: readonly StreamEvent[]): StreamEvent | undefined => events.at(-1);

describe('a stream of the vendor', () => {
  it.each([
    { word: 'MALFORMED_FUNCTION_CALL', message: 'Malformed function call: print(' },
    { word: 'MALFORMED_RESPONSE', message: undefined },
    { word: 'UNEXPECTED_TOOL_CALL', message: '' },
    { word: 'TOO_MANY_TOOL_CALLS', message: undefined },
  ])('that ends with $word has failed, and says why', ({ word, message }) => {
    const ending = { finishReason: word, ...(message !== undefined && { finishMessage: message }) };
    const told = last(decode(wire, [chunk([{ text: 'Hm' }]), chunk(undefined, ending)]));
    expect(told).toMatchObject({ type: 'error', kind: 'upstream-transient' });
    expect(JSON.stringify(told)).toContain(message ?? word);
  });

  it.each([
    { status: 'RESOURCE_EXHAUSTED', kind: 'upstream-rate-limited' },
    { status: 'DEADLINE_EXCEEDED', kind: 'upstream-timeout' },
    { status: 'UNAVAILABLE', kind: 'upstream-transient' },
    { status: 'NEWLY_INVENTED', kind: 'upstream-transient' },
    { status: null, kind: 'upstream-transient' },
  ])('that fails with $status is classified by it', ({ status, kind }) => {
    const error = { code: 500, message: 'It broke.', status };
    expect(decode(wire, [chunk([{ text: 'Hm' }]), { error }, chunk([], STOP)]).slice(3)).toEqual([
      { type: 'error', kind, message: 'It broke.' },
    ]);
  });

  it.each([
    { word: 'STOP', reason: 'stop' },
    { word: 'LANGUAGE', reason: 'other' },
    { word: 'NEWLY_INVENTED', reason: 'other' },
    { word: 'CONTINUATION', reason: 'length' },
    { word: 'SPII', reason: 'refusal' },
    { word: 'IMAGE_SAFETY', reason: 'refusal' },
  ])('that ends with $word ended by $reason', ({ word, reason }) => {
    const { finish } = foldStream(decode(wire, [chunk([{ text: 'Hm' }], { finishReason: word })]));
    expect(finish).toMatchObject({ reason, raw: word });
  });

  it.each([
    { name: 'nothing', chunks: [] },
    { name: 'a candidate without an end', chunks: [chunk([{ text: 'Hm' }])] },
    { name: 'usage alone', chunks: [{ usageMetadata: { promptTokenCount: 1 }, ...envelope }] },
    { name: 'another candidate', chunks: [{ ...chunk(undefined), candidates: [{ index: 1, ...STOP }] }] },
    { name: 'a call without a name', chunks: [chunk([{ functionCall: { args: {} } }], STOP)] },
    {
      name: 'arguments that do not fit together',
      chunks: [
        chunk([{ functionCall: { name: 'f', willContinue: true } }]),
        chunk([{ functionCall: { partialArgs: [{ jsonPath: '$.a', numberValue: 1 }], willContinue: true } }]),
        chunk([{ functionCall: { partialArgs: [{ jsonPath: '$.a.b', numberValue: 1 }] } }], STOP),
      ],
    },
  ])('of $name is no answer', ({ chunks }) => {
    expect(last(decode(wire, chunks))).toMatchObject({ type: 'error', kind: 'upstream-garbled' });
  });

  it('names calls without an id by the answer and their place in it, streamed or not', () => {
    const calls = [
      { functionCall: { name: 'a' } },
      { functionCall: { id: 'own', name: 'b' } },
      { functionCall: { name: 'c' } },
    ];
    const ids = (events: readonly StreamEvent[]) =>
      foldStream(events).parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
    const streamed = [...calls.map((call) => chunk([call])), chunk([{ text: '' }], STOP)];
    expect(ids(decode(wire, streamed))).toEqual(['call_r_0', 'own', 'call_r_2']);
    expect(ids(decode(wire, [chunk(calls, STOP)]))).toEqual(['call_r_0', 'own', 'call_r_2']);
  });

  it('keeps the parts of a whole answer apart, for what supports them counts within each', () => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example' } }],
      groundingSupports: [{ segment: { partIndex: 1, endIndex: 3, text: '京' }, groundingChunkIndices: [0] }],
    };
    const answer = wire.readAnswer(
      chunk([{ text: '京 one.' }, { text: '京 two.' }], { ...STOP, groundingMetadata }) as object as JsonObject,
    );
    expect(answer.parts.slice(0, 2)).toMatchObject([
      { text: '京 one.' },
      { text: '京 two.', citations: [{ start: 0, end: 1, citedText: '京' }] },
    ]);
    expect(answer.parts[0]).not.toHaveProperty('citations');
  });

  it('loses no source of a text, whatever is said behind it', () => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example' } }],
      groundingSupports: [{ segment: { endIndex: 6, text: 'First.' }, groundingChunkIndices: [0] }],
    };
    const cited = (...parts: readonly object[]) =>
      foldStream(decode(wire, [...parts.map((part) => chunk([part])), chunk([], { ...STOP, groundingMetadata })]))
        .parts;
    const [thought, call] = [{ text: 'Hm.', thought: true }, { functionCall: { name: 'f' } }];
    const placed = [{ url: 'https://a.example', citedText: 'First.', start: 0, end: 6 }];
    expect(cited({ text: 'First.' }, call, thought)[0]).toMatchObject({ citations: placed });
    // The hub ends a text when the next begins, so that nobody waits for it: its words are quoted in the last.
    const [first, , second] = cited({ text: 'First.' }, thought, { text: 'Second.' });
    expect(first).not.toHaveProperty('citations');
    expect(second).toMatchObject({ citations: [{ url: 'https://a.example', citedText: 'First.' }] });
  });

  it('has no usage where the numbers contradict each other', () => {
    const usageMetadata = { promptTokenCount: 5, cachedContentTokenCount: 9, totalTokenCount: 5 };
    expect(foldStream(decode(wire, [{ ...chunk([{ text: 'Hm' }], STOP), usageMetadata }]))).not.toHaveProperty('usage');
  });
});

describe('a stream to the client', () => {
  const sent = (events: readonly StreamEvent[]) => {
    const writer = wire.openEncoder();
    return dataItems(events.map((event) => writer.push(event)).join('')) as readonly {
      readonly candidates?: readonly { readonly content: { readonly parts?: readonly object[] } }[];
    }[];
  };
  const partsOf = (events: readonly StreamEvent[]) =>
    sent(events).flatMap(({ candidates }) => candidates?.[0]?.content.parts ?? []);
  const start = { type: 'response-start', id: 'r', model: 'm' } as const;
  const end = [{ type: 'finish', finish: { reason: 'stop' } }, { type: 'response-end' }] as const;
  const sealed = (data: string) =>
    ({ origin: { protocol: 'gemini-generate' }, kind: 'thought-signature', data }) as const;
  const state = (index: number, data: string): readonly StreamEvent[] => [
    { type: 'part-start', index, part: { type: 'reasoning', visibility: 'redacted' } },
    { type: 'capsule', index, capsule: sealed(data) },
    { type: 'part-end', index },
  ];
  const call = (index: number, text: string): readonly StreamEvent[] => [
    { type: 'part-start', index, part: { type: 'tool-call', kind: 'function', id: `c${index}`, name: 'f' } },
    { type: 'arguments-delta', index, text },
    { type: 'part-end', index },
  ];

  it('says a call in one piece, signed by the state before it, and only the first without any by the word', () => {
    expect(partsOf([start, ...state(0, 'c2ln'), ...call(1, '{"a":'), ...call(2, '{}'), ...end])).toEqual([
      { functionCall: { id: 'c2', name: 'f', args: {} }, thoughtSignature: 'c2ln' },
      { text: '' },
    ]);
    expect(partsOf([start, ...call(0, ''), ...call(1, '{"a":1}'), ...end]).slice(0, 2)).toEqual([
      { functionCall: { id: 'c0', name: 'f', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
      { functionCall: { id: 'c1', name: 'f', args: { a: 1 } } },
    ]);
  });

  it('keeps state that no call follows on a thought of its own', () => {
    const thought = (data: string) => ({ text: '', thought: true, thoughtSignature: data });
    expect(partsOf([start, ...state(0, 'YQ=='), ...state(1, 'Yg=='), ...end])).toEqual([
      thought('YQ=='),
      thought('Yg=='),
      { text: '' },
    ]);
  });

  it('writes sealed state as bytes', () => {
    const [part] = partsOf([start, ...state(0, 'gwc1.eyJw.m'), ...call(1, '{}'), ...end]);
    const { thoughtSignature } = part as { thoughtSignature: string };
    expect(Buffer.from(thoughtSignature, 'base64').toString()).toBe('gwc1.eyJw.m');
  });

  it('tells a refusal in words as one, with its words', () => {
    const refused: readonly StreamEvent[] = [
      { type: 'part-start', index: 0, part: { type: 'refusal' } },
      { type: 'text-delta', index: 0, text: 'I will not.' },
      { type: 'part-end', index: 0 },
    ];
    expect(sent([start, ...refused, ...end])).toMatchObject([
      { candidates: [{ content: { parts: [{ text: 'I will not.' }] } }] },
      { candidates: [{ finishReason: 'SAFETY' }] },
    ]);
  });

  it.each([
    {
      name: 'another vendor’s refusal without a word',
      raw: 'refusal',
      told: { candidates: [{ finishReason: 'SAFETY', finishMessage: 'No.' }] },
    },
    {
      name: 'a prompt that was blocked',
      raw: 'BLOCKLIST',
      told: { promptFeedback: { blockReason: 'BLOCKLIST', blockReasonMessage: 'No.' } },
    },
  ])('tells $name', ({ raw, told }) => {
    const finish = { reason: 'refusal', raw, refusal: { explanation: 'No.' } } as const;
    expect(sent([start, { type: 'finish', finish }, { type: 'response-end' }])).toMatchObject([told]);
  });

  it('is silent while nothing happens', () => {
    expect(sent([start, { type: 'ping' }])).toEqual([]);
  });
});

import type { ProtocolName } from '@bytespike/kernel';
import fc from 'fast-check';

import type { Capsule } from '../capsule.js';
import type { MediaPart, Part, ToolCallPart, ToolResultPart } from '../part.js';
import type { FunctionTool, GenerateRequest, SystemSegment, Turn } from '../request.js';

/** One white pixel: what vendors that look into an image find acceptable. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** What a generated conversation may hold beyond text, tools and their results. */
export interface ConversationOptions {
  /** Whose opaque state its reasoning carries. */
  readonly capsules?: Pick<Capsule, 'origin' | 'kind'>;
  readonly cacheMarks?: 'some';
  /** Whether results may be flagged as errors, which two dialects cannot say. */
  readonly errors?: 'none';
  /** Whether results may hold pictures. */
  readonly resultMedia?: 'some';
  /** Whether instructions may be given in its middle, which one dialect has no role for. */
  readonly laterInstructions?: 'none';
  /** Whether it declares tools even where it calls none. */
  readonly tools?: 'always';
}

/** Words with a visible beginning and end, so that no wire trims them; accents, emoji and quotes among them. */
const words: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('sun', 'rain "now"', 'größer', '東京', '🙂 ok', 'a\\b', 'line\nbreak', '{x}'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((chosen) => chosen.join(' '));

const optional = <K extends string, V>(key: K, value: fc.Arbitrary<V>): fc.Arbitrary<{ readonly [P in K]?: V }> =>
  fc.option(value, { nil: undefined }).map((chosen) => (chosen === undefined ? {} : ({ [key]: chosen } as never)));

const image: fc.Arbitrary<MediaPart> = fc.constant({
  type: 'media',
  kind: 'image',
  source: { type: 'inline', mediaType: 'image/png', base64: PIXEL },
});

const TOOLS: readonly FunctionTool[] = ['get_weather', 'search_files', 'run'].map((name) => ({
  kind: 'function',
  name,
  description: `Does what ${name} says.`,
  parameters: { type: 'object', properties: { where: { type: 'string' } }, required: ['where'] },
}));

const toolArguments = fc.record({ where: words, count: fc.nat({ max: 9 }) }).map((value) => JSON.stringify(value));

/** What one assistant turn says, before its calls have got their ids. */
interface Said {
  readonly thought: string | undefined;
  readonly text: string | undefined;
  readonly calls: readonly { readonly tool: string; readonly argumentsText: string; readonly result: Result }[];
}

type Result = Pick<ToolResultPart, 'content' | 'form' | 'isError'>;

const inText = (form: Result['form'], isError?: true) =>
  words.map((text): Result => ({ form, ...(isError && { isError }), content: [{ type: 'text', text }] }));

const withPicture = fc
  .tuple(words, image)
  .map(([text, picture]): Result => ({ form: 'parts', content: [{ type: 'text', text }, picture] }));

const resultOf = ({ errors, resultMedia }: ConversationOptions): fc.Arbitrary<Result> =>
  fc.oneof(
    { weight: 4, arbitrary: inText('string') },
    inText('parts'),
    ...(errors === 'none' ? [] : [inText('string', true)]),
    ...(resultMedia === 'some' ? [withPicture] : []),
  );

const saidBy = (options: ConversationOptions): fc.Arbitrary<Said> =>
  fc
    .record({
      thought: fc.option(words, { nil: undefined }),
      text: fc.option(words, { nil: undefined }),
      calls: fc.array(
        fc.record({
          tool: fc.constantFrom(...TOOLS.map(({ name }) => name)),
          argumentsText: toolArguments,
          result: resultOf(options),
        }),
        { maxLength: 3 },
      ),
    })
    .map((turn) => (turn.text === undefined && turn.calls.length === 0 ? { ...turn, text: 'So be it.' } : turn));

/** Opaque state of a length that no wire takes for a placeholder; where the thought itself is the state, none. */
export const dataOf = (kind: Capsule['kind'], beginning: string): string =>
  kind === 'plain-reasoning' ? '' : `${beginning}${'0'.repeat(40)}`;

function assistantTurns(answer: Said, round: number, { capsules }: ConversationOptions): readonly Turn[] {
  const { thought, text } = answer;
  const capsule = capsules && { ...capsules, data: dataOf(capsules.kind, `state-of-round-${round}-`) };
  const calls = answer.calls.map(({ tool, argumentsText }, index): ToolCallPart => {
    const id = `call_${round}_${index}`;
    return { type: 'tool-call', id, name: tool, kind: 'function', argumentsText };
  });
  const parts: readonly Part[] = [
    ...(thought !== undefined && capsule
      ? [{ type: 'reasoning', visibility: 'full', segments: [thought], capsules: [capsule] } as const]
      : []),
    ...(text === undefined ? [] : [{ type: 'text', text } as const]),
    ...calls,
  ];
  const results = answer.calls.map((call, index) => {
    const callId = `call_${round}_${index}`;
    return { type: 'tool-result', callId, name: call.tool, ...call.result } as const;
  });
  return [
    { role: 'assistant', form: 'parts', parts },
    ...(results.length === 0 ? [] : [{ role: 'user', form: 'parts', parts: results } as const]),
  ];
}

const question = ({ cacheMarks }: ConversationOptions): fc.Arbitrary<Turn> =>
  fc.tuple(words, fc.option(image, { nil: undefined, freq: 3 }), fc.boolean()).map(([text, picture, marked]) => ({
    role: 'user',
    form: 'parts',
    parts: [
      ...(picture ? [picture] : []),
      { type: 'text', text, ...(cacheMarks && marked && { cache: { ttl: '5m' } as const }) },
    ],
  }));

const system: fc.Arbitrary<readonly SystemSegment[]> = fc
  .array(words, { maxLength: 2 })
  .map((texts) =>
    texts.length === 0
      ? []
      : [{ role: 'system', slot: 'field', form: 'parts', parts: texts.map((text) => ({ type: 'text', text })) }],
  );

const laterSystem = words.map((text): Turn => ({ role: 'system', form: 'string', parts: [{ type: 'text', text }] }));

/**
 * A conversation of several rounds as every protocol can hold it: instructions at its head and in its middle, parallel
 * calls with their results, thoughts with their state. It always ends with what the model is to answer.
 */
export function arbitraryConversation(options: ConversationOptions = {}): fc.Arbitrary<GenerateRequest> {
  const round = fc.record({
    asked: question(options),
    told: options.laterInstructions === 'none' ? fc.constant(undefined) : fc.option(laterSystem, { nil: undefined }),
    said: saidBy(options),
  });
  return fc
    .record({ system, rounds: fc.array(round, { maxLength: 4 }), last: question(options), withTools: fc.boolean() })
    .map(({ system: segments, rounds, last, withTools }) => {
      const turns = rounds.flatMap(({ asked, told, said: answer }, at): readonly Turn[] => [
        asked,
        ...(told ? [told] : []),
        ...assistantTurns(answer, at, options),
      ]);
      const called = turns.some(({ parts }) => parts.some(({ type }) => type === 'tool-call'));
      return {
        model: 'm',
        stream: false,
        system: segments,
        turns: [...turns, last],
        tools: withTools || called || options.tools === 'always' ? TOOLS : [],
        limits: { maxOutputTokens: 4_096 },
      };
    });
}

/** The same conversation as it stood at each of its requests: every prefix that ends with something to answer. */
export const requestsOf = (conversation: GenerateRequest): readonly GenerateRequest[] =>
  conversation.turns.flatMap((_turn, index) => {
    const next = conversation.turns[index + 1];
    const answered = next === undefined || next.role === 'assistant';
    return answered ? [{ ...conversation, turns: conversation.turns.slice(0, index + 1) }] : [];
  });

/** A request with everything of a conversation and with what else callers commonly set. */
export function arbitraryRequest(options: ConversationOptions & { readonly protocol: ProtocolName }) {
  const { protocol, ...conversation } = options;
  const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
  return fc
    .tuple(
      arbitraryConversation(conversation),
      optional('reasoning', fc.record({ effort: fc.constantFrom('low', 'medium', 'high') })),
      optional(
        'format',
        fc.constant({ kind: 'json-schema', schema: { ...schema, additionalProperties: false }, name: 'answer' }),
      ),
      optional('toolChoice', fc.constantFrom({ mode: 'auto' }, { mode: 'none' })),
      optional('identity', fc.record({ endUser: fc.constant(`user-of-${protocol}`) })),
    )
    .map(([request, ...fields]) => Object.assign({}, request, ...fields) as GenerateRequest);
}

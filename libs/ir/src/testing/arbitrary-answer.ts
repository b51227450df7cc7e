import fc from 'fast-check';

import type { Capsule } from '../capsule.js';
import type { Finish } from '../finish.js';
import type { ResponsePart } from '../part.js';
import type { GenerateResponse } from '../response.js';
import { dataOf } from './arbitrary-conversation.js';

const said: fc.Arbitrary<string> = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('Grüße 🙂', '東京は晴れ', '"quoted"\n', '\\u0000', '<b>', '{"a":1}'),
);

const text: fc.Arbitrary<ResponsePart> = fc.record({ type: fc.constant('text'), text: said });

const thought = (capsule: Omit<Capsule, 'data'>): fc.Arbitrary<ResponsePart> =>
  fc.record({ segment: said, state: fc.uuid() }).map(({ segment, state }) => ({
    type: 'reasoning',
    visibility: 'full',
    segments: [segment],
    capsules: [{ ...capsule, data: dataOf(capsule.kind, state) }],
  }));

/** Arguments have whatever names a function's author likes, those that wires use for their own among them. */
const argumentName = fc.constantFrom(
  ...['a', 'größe', 'type', 'text', 'content', 'input', 'args', 'error', 'usage', 'usageMetadata', 'choices', 'delta'],
  ...['finishReason', 'blockReason', 'finish_reason', 'stop_reason', 'status', 'functionCall', 'stringValue'],
);

const toolArguments = fc
  .dictionary(argumentName, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3, noNullPrototype: true })
  .map((value) => JSON.stringify(value));

const calls: fc.Arbitrary<readonly ResponsePart[]> = fc
  .array(fc.tuple(fc.constantFrom('get_weather', 'search', 'run'), toolArguments), { maxLength: 3 })
  .map((chosen) =>
    chosen.map(([name, argumentsText], index) => {
      const id = `call_${index}_${name}`;
      return { type: 'tool-call', id, name, kind: 'function', argumentsText };
    }),
  );

const usage = fc.record({ input: fc.nat(9_999), cacheRead: fc.nat(9_999), output: fc.integer({ min: 1, max: 9_999 }) });

/** How an answer with these parts may end, in words every protocol has. */
const finishOf = (parts: readonly ResponsePart[]): fc.Arbitrary<Finish> =>
  parts.some(({ type }) => type === 'tool-call')
    ? fc.constant({ reason: 'tool-calls' })
    : fc.constantFrom({ reason: 'stop' }, { reason: 'length' });

/**
 * An answer as vendors really give it: a thought with its state, then text, then parallel calls whose arguments are
 * objects, and an end that fits. Every protocol can hold all of it.
 */
export const arbitraryAnswer = (capsule: Omit<Capsule, 'data'>): fc.Arbitrary<GenerateResponse> =>
  fc.tuple(fc.option(thought(capsule)), fc.option(text), calls, usage).chain(([first, second, third, counted]) => {
    const parts = [...(first ? [first] : []), ...(second ? [second] : []), ...third];
    return finishOf(parts).map((finish) => ({ id: 'answer-1', model: 'm', parts, finish, usage: counted }));
  });

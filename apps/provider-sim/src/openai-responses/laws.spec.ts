import fc from 'fast-check';
import { openai } from '../openai/openai.js';
import { anyScript, bodyOf, callRoute, recordsOf } from '../testing/any-script.js';

type Fields = Record<string, unknown>;

const bodyFor = (content: string, more: object = {}) => ({
  model: 'gpt-5.5',
  input: content,
  reasoning: { effort: 'low', summary: 'auto' },
  tools: [{ type: 'function', name: 'look', parameters: { type: 'object' } }, { type: 'web_search' }],
  ...more,
});
const answer = (script: string) => bodyOf(callRoute(openai, '/v1/responses', { body: bodyFor(script) }));
const stream = (script: string) =>
  recordsOf(callRoute(openai, '/v1/responses', { body: bodyFor(script, { stream: true }) }));

/** One letter for each kind of event, so that the grammar of a stream is a regular expression. */
const SIGNS: Readonly<Record<string, string>> = {
  'response.created': 'C',
  'response.in_progress': 'P',
  'response.output_item.added': '(',
  'response.output_item.done': ')',
  'response.content_part.added': '[',
  'response.content_part.done': ']',
  'response.output_text.delta': 't',
  'response.output_text.annotation.added': 'a',
  'response.output_text.done': 'T',
  'response.refusal.delta': 'r',
  'response.refusal.done': 'R',
  'response.reasoning_summary_part.added': '<',
  'response.reasoning_summary_text.delta': 's',
  'response.reasoning_summary_text.done': 'S',
  'response.reasoning_summary_part.done': '>',
  'response.function_call_arguments.delta': 'f',
  'response.function_call_arguments.done': 'F',
  'response.web_search_call.in_progress': 'w',
  'response.web_search_call.searching': 'w',
  'response.web_search_call.completed': 'W',
  'response.completed': '.',
  'response.incomplete': '!',
};
const GRAMMAR = /^CP(\((\[(t*a*T|r*R)\]|(<s*S>)*|f*F|wwW)\))*[.!]$/;

/** What the deltas of an item add up to, for comparison with the item when it is done. */
const written = (events: readonly Fields[], index: number): string =>
  events
    .filter((event) => event['output_index'] === index && typeof event['delta'] === 'string')
    .map((event) => event['delta'])
    .join('');

const writtenIn = (item: Fields): string => {
  const texts = [...((item['content'] ?? []) as Fields[]), ...((item['summary'] ?? []) as Fields[])];
  return String(item['arguments'] ?? texts.map((part) => part['text'] ?? part['refusal']).join(''));
};

describe('for any script, the Responses stream', () => {
  it('ends with the unary answer, and every item is what its deltas said', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const events = stream(script);
        const { response } = events.at(-1) as { response: Fields };
        // Both are the same request but for `stream`, which gives their clocks nothing to differ by.
        expect(response).toEqual(answer(script));
        const done = events.filter((event) => event['type'] === 'response.output_item.done');
        expect(done.map((event) => event['item'])).toEqual(response['output']);
        for (const { output_index: index, item } of done)
          expect(written(events, Number(index))).toBe(writtenIn(item as Fields));
      }),
      { numRuns: 25 },
    );
  });

  it('keeps to its grammar and numbers its events', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const events = stream(script);
        expect(events.map(({ type }) => SIGNS[String(type)] ?? '?').join('')).toMatch(GRAMMAR);
        expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
      }),
      { numRuns: 25 },
    );
  });
});

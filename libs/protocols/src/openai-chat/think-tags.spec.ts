import fc from 'fast-check';

import { C, received, route, told } from '../testing/case.js';
import { endTagged, readTagged, TAGS_UNREAD, wholeTagged, type Told } from './think-tags.js';

/** The text as it arrives in these pieces. */
function inPieces(pieces: readonly string[]): Told {
  let reading = TAGS_UNREAD;
  let reasoning = '';
  let text = '';
  for (const piece of pieces) {
    const [next, told] = readTagged(reading, piece);
    reading = next;
    reasoning += told.reasoning;
    text += told.text;
  }
  const owed = endTagged(reading);
  return { reasoning: reasoning + owed.reasoning, text: text + owed.text };
}

it.each<{ name: string; text: string; told: Told }>([
  {
    name: 'a thought before the answer',
    text: '<think>\nHm.</think>\n\nSo.',
    told: { reasoning: '\nHm.', text: 'So.' },
  },
  { name: 'no thought', text: 'So.', told: { reasoning: '', text: 'So.' } },
  {
    name: 'a tag the model speaks of',
    text: 'Write <think> first.',
    told: { reasoning: '', text: 'Write <think> first.' },
  },
  {
    name: 'a second tag',
    text: '<think>a</think>b <think>c</think>',
    told: { reasoning: 'a', text: 'b <think>c</think>' },
  },
  { name: 'a thought that was cut', text: '<think>Hm. </thi', told: { reasoning: 'Hm. </thi', text: '' } },
  { name: 'what only begins like a tag', text: '<thin', told: { reasoning: '', text: '<thin' } },
])('reads $name', ({ text, told: expected }) => {
  expect(wholeTagged(text)).toEqual(expected);
});

it('reads alike however the text is cut', () => {
  const part = fc.constantFrom('<think>', '</think>', '<', 'th', 'ink>', '/', '\n', 'Hm', ' ');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      expect(inPieces(parts)).toEqual(wholeTagged(text));
      expect(inPieces([...text])).toEqual(wholeTagged(text));
    }),
  );
});

describe('tags within the text', () => {
  const body = (content: string) => ({
    id: 'x',
    model: 'm',
    choices: [{ index: 0, message: { content }, finish_reason: 'stop' }],
  });
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: 'x',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const tagged = '<think>Hm.</think>So.';
  const stream = [
    chunk({ content: '<thi' }),
    chunk({ content: 'nk>Hm.</th' }),
    chunk({ content: 'ink>So.' }),
    chunk({}, 'stop'),
    '[DONE]',
  ];
  const message = { content: 'So.', reasoning_content: 'Hm.' };

  it.each([
    { vendor: 'minimax', expected: message },
    { vendor: 'moonshot', expected: { content: tagged } },
  ])('of $vendor are told as it means them', ({ vendor, expected }) => {
    expect(told(route(C, C, vendor), body(tagged))).toMatchObject({ choices: [{ message: expected }] });
  });

  it('become reasoning in a stream too', () => {
    const sent = received(route(C, C, 'minimax'), stream, { stream: true }) as {
      choices?: { delta: typeof message }[];
    }[];
    const deltas = sent.flatMap(({ choices }) => choices?.[0]?.delta ?? []);
    expect({
      reasoning_content: deltas.map(({ reasoning_content }) => reasoning_content ?? '').join(''),
      content: deltas.map(({ content }) => content ?? '').join(''),
    }).toEqual(message);
  });
});

import { A, C, folded, received, route, told } from '../testing/case.js';
import { hi } from '../testing/sent-rows.js';
import { openExchange } from '../translation/exchange.js';

/** What Chat clients are told of answers that this wire has no form of its own for. */
const way = route(C, A);

interface Message {
  readonly content: string | null;
  readonly refusal: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly { readonly id: string; readonly length: number }[];
  readonly annotations?: readonly { readonly url_citation: object }[];
  readonly function_call?: object;
  readonly tool_calls?: readonly { readonly id: string }[];
}
interface Completion {
  readonly choices: readonly [{ readonly message: Message; readonly finish_reason: string }];
}

const answer = (content: readonly object[], more: object = {}) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content,
  stop_reason: 'end_turn',
  stop_details: null as object | null,
  usage: { input_tokens: 1, output_tokens: 1 },
  ...more,
});

/** The same answer as its vendor streams it: every block in its start. */
const chunksOf = ({ content, stop_reason, stop_details, ...message }: ReturnType<typeof answer>) => [
  { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
  ...content.flatMap((block, index) => [
    { type: 'content_block_start', index, content_block: block },
    { type: 'content_block_stop', index },
  ]),
  { type: 'message_delta', delta: { stop_reason, stop_details }, usage: { output_tokens: 1 } },
  { type: 'message_stop' },
];

const whole = (body: ReturnType<typeof answer>, fields: object = {}) =>
  (told(way, body, fields) as Completion).choices[0];

const deltas = (body: ReturnType<typeof answer>, fields: object = {}) =>
  (received(way, chunksOf(body), { stream: true, ...fields }) as { choices?: { delta: Message }[] }[]).flatMap(
    ({ choices }) => (choices?.[0] ? [choices[0].delta] : []),
  );

describe('reasoning between texts and calls', () => {
  const thought = (text: string, signature: string) => ({ type: 'thinking', thinking: text, signature });
  const call = { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } };
  const blocks = [
    thought('First.', 'Eq1'.repeat(30)),
    { type: 'text', text: 'Looking.' },
    { type: 'redacted_thinking', data: 'Er2'.repeat(30) },
    thought('Then, in two\n\nparagraphs.', 'Eq3'.repeat(30)),
    call,
  ];
  const body = answer(blocks, { stop_reason: 'tool_use' });

  const again = (message: object) => {
    const messages = [hi, message, { role: 'tool', tool_call_id: 'toolu_1', content: 'seen' }];
    const asked = { model: 'm', messages, reasoning_effort: 'low', max_completion_tokens: 9_000 };
    return JSON.parse(openExchange(JSON.stringify(asked), way).body) as { messages: { content: unknown }[] };
  };

  it('is one text to read', () => {
    expect(whole(body).message.reasoning_content).toBe('First.\n\nThen, in two\n\nparagraphs.');
  });

  it('goes back to its vendor block by block, where each stood', () => {
    expect(again(whole(body).message).messages[1]?.content).toEqual(blocks);
  });

  it('goes back alike after a stream', () => {
    const details = deltas(body).flatMap(({ reasoning_details }) => reasoning_details ?? []);
    const { message } = whole(body);
    expect(details).toEqual(message.reasoning_details);
    expect(again({ ...message, reasoning_details: details }).messages[1]?.content).toEqual(blocks);
  });

  it('stays behind where the client has cut its text', () => {
    const { message } = whole(body);
    const kept = again({ ...message, reasoning_content: 'First.' }).messages[1]?.content as { type: string }[];
    expect(kept.map(({ type }) => type)).toEqual(['thinking', 'text', 'redacted_thinking', 'tool_use']);
  });
});

describe('sources', () => {
  const source = { type: 'web_search_result_location', url: 'https://a.test', title: 'A', cited_text: 'sun' };
  const body = answer([
    { type: 'text', text: 'Sky 🌤 says: ' },
    { type: 'text', text: 'sun', citations: [source] },
    { type: 'text', text: '.' },
  ]);
  const annotation = {
    type: 'url_citation',
    url_citation: { start_index: 12, end_index: 15, title: 'A', url: 'https://a.test' },
  };

  it('span the text they belong to, in code points of the whole message', () => {
    expect(whole(body).message.annotations).toEqual([annotation]);
    expect([...(whole(body).message.content ?? '')].slice(12, 15).join('')).toBe('sun');
  });

  it('are told alike in a stream, once their text is whole', () => {
    expect(deltas(body).flatMap(({ annotations }) => annotations ?? [])).toEqual([annotation]);
  });
});

describe('a function of the oldest form', () => {
  const fields = { functions: [{ name: 'look', parameters: { type: 'object' } }] };
  const body = answer([{ type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } }], {
    stop_reason: 'tool_use',
  });

  it('is called in that form', () => {
    expect(whole(body, fields)).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { name: 'look', arguments: '{"a":1}' } },
    });
    expect(whole(body, fields).message.tool_calls).toBeUndefined();
  });

  it('is called alike in a stream', async () => {
    expect(await folded(way, chunksOf(body), { stream: true, ...fields })).toMatchObject({
      choices: [{ finish_reason: 'function_call', message: { function_call: { name: 'look', arguments: '{"a":1}' } } }],
    });
  });
});

describe('a refusal without words', () => {
  const body = answer([], {
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', category: 'cyber', explanation: 'Not this.' },
  });

  it('is a content filter that says why', () => {
    expect(whole(body)).toMatchObject({
      finish_reason: 'content_filter',
      message: { content: null, refusal: 'Not this.' },
    });
  });

  it('says so alike in a stream', () => {
    expect(deltas(body).flatMap(({ refusal }) => refusal ?? [])).toEqual(['Not this.']);
  });
});

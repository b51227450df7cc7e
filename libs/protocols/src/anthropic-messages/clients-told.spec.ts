import { A, C, folded, R, received, route, told } from '../testing/case.js';
import { chat, chatAnswer, messageEnd, messageStart } from '../testing/vendor-chunks.js';

/** What Messages clients are told of sources, searches and ends that other wires spell otherwise. */
const way = route(A, C);
const tools = [{ type: 'web_search_20250305', name: 'web_search' }];

const cited = (start_index: number, end_index: number, url: string) => ({
  type: 'url_citation',
  url_citation: { start_index, end_index, title: 'A', url },
});
const location = (url: string, cited_text: string) => ({
  type: 'web_search_result_location',
  url,
  title: 'A',
  cited_text,
  encrypted_index: 'gwc1.search',
});

const text = 'In 🌤 Oslo: sun. Bring shades.';
const annotations = [cited(3, 9, 'https://a.test'), cited(11, 15, 'https://b.test')];
const chunks = [
  chat({ content: text.slice(0, 9) }),
  chat({ content: text.slice(9) }),
  chat({ annotations }),
  chat({}, 'stop'),
  '[DONE]',
];
const cut = [
  { type: 'text', text: 'In ' },
  { type: 'text', text: '🌤 Oslo', citations: [location('https://a.test', '🌤 Oslo')] },
  { type: 'text', text: ': ' },
  { type: 'text', text: 'sun.', citations: [location('https://b.test', 'sun.')] },
  { type: 'text', text: ' Bring shades.' },
];

describe('text that quotes', () => {
  it('is cut where its quotations are, for a client that asked for a search', () => {
    expect(told(way, chatAnswer({ content: text, annotations }), { tools })).toMatchObject({ content: cut });
  });

  it('is cut alike in a stream', async () => {
    expect(await folded(way, chunks, { tools, stream: true })).toMatchObject({ content: cut });
  });

  it('comes at once and whole to a client that did not', () => {
    const sent = received(way, chunks, { stream: true }) as { type: string; delta?: { type: string } }[];
    expect(sent.flatMap(({ delta }) => (delta?.type ? [delta.type] : []))).toEqual([
      'text_delta',
      'text_delta',
      'citations_delta',
      'citations_delta',
    ]);
  });
});

it('a search another vendor made streams its query as any call does', () => {
  const item = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'sun' } };
  const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [item] };
  const events = [
    { type: 'response.created', sequence_number: 0, response: { ...response, status: 'in_progress', output: [] } },
    {
      type: 'response.output_item.added',
      sequence_number: 1,
      output_index: 0,
      item: { ...item, status: 'in_progress' },
    },
    { type: 'response.output_item.done', sequence_number: 2, output_index: 0, item },
    { type: 'response.completed', sequence_number: 3, response },
  ];
  const sent = received(route(A, R), events, { tools, stream: true }) as Record<string, unknown>[];
  expect(sent.slice(1, 4)).toEqual([
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'server_tool_use', id: 'srvtoolu_ws_1', name: 'web_search', input: {} },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"query":"sun"}' } },
    { type: 'content_block_stop', index: 0 },
  ]);
});

it('a classifier’s cut is a refusal explained by the vendor’s own word', () => {
  expect(told(way, chatAnswer({ content: null }, 'sensitive'))).toMatchObject({
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', category: null, explanation: 'sensitive' },
  });
});

it('a call of a look-alike that ends otherwise is told as a call', () => {
  const call = { type: 'tool_use', id: 'c_0', name: 'look', input: { a: 1 } };
  const answer = { id: 'x', type: 'message', role: 'assistant', model: 'm', content: [call], stop_reason: 'end_turn' };
  expect(told(route(C, A, 'moonshot'), answer)).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
});

it.each([
  { name: 'arguments that are no object', json: '[1', reason: 'tool_use', fails: true },
  { name: 'arguments the limit has cut', json: '{"a":', reason: 'max_tokens', fails: false },
])('$name: the stream fails, or it does not', ({ json, reason, fails }) => {
  const start = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
  const events = [
    messageStart(),
    { type: 'content_block_start', index: 0, content_block: start },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: json } },
    { type: 'content_block_stop', index: 0 },
    ...messageEnd(reason),
  ];
  const sent = received(route(C, A), events, { stream: true });
  expect(sent.some((item) => item === '[DONE]')).toBe(!fails);
});

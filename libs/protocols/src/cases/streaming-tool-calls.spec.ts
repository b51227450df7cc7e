import { clientStream } from '../testing/client-streams.js';
import { createSseSplitter } from '../sse.js';
import { A, at, C, folded, G, R, received, route, streamed } from '../testing/case.js';
import { vendorBytes } from '../testing/vendor-bytes.js';
import {
  block,
  chat,
  fragment,
  gemini,
  geminiUsage,
  messageEnd,
  messageStart,
  responsesCall,
  responsesStream,
  responsesText,
} from '../testing/vendor-chunks.js';

/** Streaming tool calls (protocols 3.1). */
const LOOK = { id: 'call_1', name: 'look' };
const OSLO = { city: 'Oslo' };

const blockTypes = (items: readonly unknown[]) =>
  items.filter((item) => at(item, 'type') === 'content_block_start').map((item) => at(item, 'content_block.type'));
const blockIndexes = (items: readonly unknown[]) =>
  items.filter((item) => at(item, 'type') === 'content_block_start').map((item) => at(item, 'index'));
const types = (items: readonly unknown[]) => items.map((item) => at(item, 'type'));
const partialJson = (items: readonly unknown[]) => items.map((item) => at(item, 'delta.partial_json') ?? '').join('');
const faultOf = (way: ReturnType<typeof route>, chunks: readonly unknown[]) => {
  const { text, failure } = streamed(way, chunks);
  return clientStream(way.client).findFault(text, failure === undefined ? 'whole' : 'cut');
};

describe('a Messages client of a Responses vendor', () => {
  const way = route(A, R);
  const call = responsesCall('call_1', 'look', OSLO);

  it('T01: arguments that come only in done reach the client', async () => {
    const chunks = responsesStream(
      [
        {
          type: 'response.output_item.added',
          output_index: 0,
          item: { ...call, arguments: '', status: 'in_progress' },
        },
        { type: 'response.function_call_arguments.done', output_index: 0, item_id: call.id, arguments: call.arguments },
        { type: 'response.output_item.done', output_index: 0, item: call },
      ],
      [call],
    );
    expect(partialJson(received(way, chunks))).toBe('{"city":"Oslo"}');
    expect(await folded(way, chunks)).toMatchObject({
      content: [{ type: 'tool_use', ...LOOK, input: OSLO }],
      stop_reason: 'tool_use',
    });
  });

  it('T03: items whose beginning was never told begin all the same, in order', async () => {
    const chunks = responsesStream(
      [
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'msg_1', delta: 'Hi' },
        { type: 'response.output_text.done', output_index: 0, content_index: 0, item_id: 'msg_1', text: 'Hi' },
        { type: 'response.output_item.done', output_index: 0, item: responsesText('Hi') },
        { type: 'response.output_item.done', output_index: 1, item: call },
      ],
      [responsesText('Hi'), call],
    );
    expect(faultOf(way, chunks)).toBeUndefined();
    expect(await folded(way, chunks)).toMatchObject({
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', ...LOOK, input: OSLO },
      ],
    });
  });
});

describe('a Messages client of a Chat vendor', () => {
  const way = route(A, C, 'deepseek');

  it('T02: text beside an empty list of calls is text alone', () => {
    const items = received(way, [
      chat({ content: 'Hi', tool_calls: [] }),
      chat({ content: '!', tool_calls: [] }, 'stop'),
    ]);
    expect(blockTypes(items)).toEqual(['text']);
    expect(partialJson(items)).toBe('');
  });

  it('T04: a thought has a block of its own before the text, in one message', () => {
    const items = received(way, [chat({ reasoning_content: 'Hm.' }), chat({ content: 'Hi' }), chat({}, 'stop')]);
    expect(blockTypes(items)).toEqual(['thinking', 'text']);
    expect(types(items).filter((type) => type === 'message_start')).toHaveLength(1);
  });

  it('T05: long arguments in many pieces arrive byte for byte', () => {
    const text = JSON.stringify({ city: 'Oslo', note: 'ä"\\🙂 '.repeat(200), n: 1.0e3 });
    const pieces = [...text].reduce<string[]>((all, character, index) => {
      if (index % 3 === 0) return [...all, character];
      return [...all.slice(0, -1), `${all.at(-1)}${character}`];
    }, []);
    const items = received(way, [
      chat(fragment(0, '', LOOK)),
      ...pieces.map((piece) => chat(fragment(0, piece))),
      chat({}, 'tool_calls'),
    ]);
    expect(partialJson(items)).toBe(text);
  });

  it('T06: a thought before a call leaves its arguments clean', async () => {
    const chunks = [
      chat({ reasoning_content: '{"not": "an argument"' }),
      chat(fragment(0, '{"city":', LOOK)),
      chat({ reasoning_content: '' }),
      chat(fragment(0, '"Oslo"}')),
      chat({}, 'tool_calls'),
    ];
    expect(partialJson(received(way, chunks))).toBe('{"city":"Oslo"}');
    expect(await folded(way, chunks)).toMatchObject({ content: [{ type: 'thinking' }, { ...LOOK, input: OSLO }] });
  });

  it('T09: interleaved calls become blocks that never overlap, and one without arguments is closed', async () => {
    const calls = [
      chat(fragment(0, '', { id: 'c0', name: 'look' })),
      chat(fragment(1, '', { id: 'c1', name: 'look' })),
      chat(fragment(0, '{"city":"O')),
      chat(fragment(1, '{"city":"R')),
      chat(fragment(0, 'slo"}')),
      chat(fragment(1, 'om"}')),
      chat(fragment(2, '', { id: 'c2', name: 'ping' })),
      chat({}, 'tool_calls'),
    ];
    expect(faultOf(way, [chat({ content: 'On it.' }), ...calls])).toBeUndefined();
    expect(blockIndexes(received(way, calls))).toEqual([0, 1, 2]);
    expect(await folded(way, calls)).toMatchObject({
      content: [
        { id: 'c0', input: OSLO },
        { id: 'c1', input: { city: 'Rom' } },
        { id: 'c2', input: {} },
      ],
    });
  });

  it('T10: a call that ends with stop is told as a call', async () => {
    const chunks = [chat(fragment(0, '{}', LOOK)), chat({}, 'stop')];
    expect(await folded(way, chunks)).toMatchObject({ stop_reason: 'tool_use' });
  });

  it('T11: a thought that ends by its field becoming null, and an empty last delta, end everything', () => {
    const items = received(way, [
      chat({ role: 'assistant', content: null, reasoning_content: 'Hm.' }),
      chat({ content: 'Hi', reasoning_content: null }),
      chat({ content: '', reasoning_content: null }, 'stop'),
    ]);
    expect(types(items).filter((type) => type === 'content_block_stop')).toHaveLength(2);
    expect(types(items).slice(-2)).toEqual(['message_delta', 'message_stop']);
  });

  it('T12: every change of kind begins the next block', () => {
    const items = received(way, [
      chat({ reasoning_content: 'a' }),
      chat({ content: 'b' }),
      chat(fragment(0, '{}', LOOK)),
      chat({ reasoning_content: 'c' }),
      chat({ content: 'd' }),
      chat({}, 'tool_calls'),
    ]);
    expect(blockTypes(items)).toEqual(['thinking', 'text', 'tool_use', 'thinking', 'text']);
    expect(blockIndexes(items)).toEqual([0, 1, 2, 3, 4]);
  });

  it('T14: a stream that closes in the middle of a call fails; whole arguments and [DONE] make a call', async () => {
    expect(streamed(way, [chat(fragment(0, '{"city":"Oslo"}', LOOK))]).failure).toBe('upstream-garbled');
    expect(streamed(way, [chat(fragment(0, '{"city":', LOOK)), '[DONE]']).failure).toBe('upstream-garbled');
    const done = [chat(fragment(0, '{"city":"Oslo"}', LOOK)), '[DONE]'];
    expect(await folded(way, done)).toMatchObject({ stop_reason: 'tool_use', content: [{ input: OSLO }] });
  });

  it('T16: calls numbered from one are numbered from zero', () => {
    const toChat = route(C, C, 'deepseek');
    const items = received(toChat, [chat(fragment(1, '{}', LOOK)), chat({}, 'tool_calls')]);
    expect(items.flatMap((item) => at(item, 'choices.0.delta.tool_calls.0.index') ?? [])).toEqual([0, 0]);
  });

  it('T17: an empty id of a later fragment leaves the first one standing', async () => {
    const later = { tool_calls: [{ index: 0, id: '', type: 'function', function: { arguments: '"Oslo"}' } }] };
    const chunks = [chat(fragment(0, '{"city":', LOOK)), chat(later), chat({}, 'tool_calls')];
    expect(await folded(way, chunks)).toMatchObject({ content: [{ ...LOOK, input: OSLO }] });
  });
});

describe('a client of a Messages vendor', () => {
  const thinking = block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'Hm' },
  );
  const text = block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi' });
  const use = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };

  it('T07: calls are numbered among calls and not among blocks', () => {
    const tool = block(2, use, { type: 'input_json_delta', partial_json: '{}' });
    const items = received(route(C, A), [messageStart(), ...thinking, ...text, ...tool, ...messageEnd('tool_use')]);
    const choices = items.flatMap((item) => at(item, 'choices.0.index') ?? []);
    expect(new Set(choices)).toEqual(new Set([0]));
    expect(new Set(items.flatMap((item) => at(item, 'choices.0.delta.tool_calls.0.index') ?? []))).toEqual(
      new Set([0]),
    );
  });

  it('T13: indices of blocks the vendor ran itself stay untouched, raw and read', () => {
    const server = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
    const chunks = [
      messageStart(),
      ...block(0, server, { type: 'input_json_delta', partial_json: '{"query":"sun"}' }),
      ...block(1, result),
      ...block(2, { type: 'text', text: '' }, { type: 'text_delta', text: 'Sunny.' }),
      ...messageEnd('end_turn'),
    ];
    const bytes = vendorBytes(A, chunks);
    const records: Uint8Array[] = [];
    createSseSplitter().push(bytes, (record) => records.push(record));
    expect(Buffer.concat(records)).toEqual(Buffer.from(bytes));
    const items = received(route(A, A), chunks);
    expect(blockTypes(items)).toEqual(['server_tool_use', 'web_search_tool_result', 'text']);
    expect(blockIndexes(items)).toEqual([0, 1, 2]);
  });

  it('T15: a call without arguments is an empty object, and its placeholder is joined to nothing', async () => {
    const tool = block(0, use, { type: 'input_json_delta', partial_json: '' });
    const chunks = [messageStart(), ...tool, ...messageEnd('tool_use')];
    expect(await folded(route(A, A), chunks)).toMatchObject({ content: [{ type: 'tool_use', input: {} }] });
    expect(at(await folded(route(C, A), chunks), 'choices.0.message.tool_calls.0.function.arguments')).toBe('{}');
  });

  it('T20: a start that comes twice is told once, and another message spliced in fails', () => {
    const way = route(C, A);
    const whole = [
      messageStart(),
      messageStart(),
      ...block(0, { type: 'text', text: 'Hi' }),
      ...messageEnd('end_turn'),
    ];
    const roles = received(way, whole).filter((item) => at(item, 'choices.0.delta.role') !== undefined);
    expect(roles).toHaveLength(1);
    const begun = block(0, use, { type: 'input_json_delta', partial_json: '{"a":' }).slice(0, -1);
    const spliced = [messageStart(), ...begun, messageStart({ input_tokens: 1 }, 'msg_02'), ...messageEnd('tool_use')];
    expect(streamed(way, spliced).failure).toBe('upstream-garbled');
  });
});

it('T08: parallel calls of a Chat vendor keep their own ids and numbers for a Responses client', async () => {
  const chunks = [
    chat(fragment(0, '{"city":"Oslo"}', { id: 'c0', name: 'look' })),
    chat(fragment(1, '{"city":"Rom"}', { id: 'c1', name: 'look' })),
    chat({}, 'tool_calls'),
  ];
  const added = received(route(R, C), chunks).filter((item) => at(item, 'type') === 'response.output_item.added');
  expect(added.map((item) => [at(item, 'output_index'), at(item, 'item.call_id')])).toEqual([
    [0, 'c0'],
    [1, 'c1'],
  ]);
  expect(await folded(route(R, C), chunks)).toMatchObject({
    output: [
      { call_id: 'c0', arguments: '{"city":"Oslo"}' },
      { call_id: 'c1', arguments: '{"city":"Rom"}' },
    ],
  });
});

describe('arguments that stream at Gemini', () => {
  const piece = (functionCall: object) => gemini([{ functionCall }]);
  const begun = [
    piece({ name: 'look', willContinue: true }),
    piece({ partialArgs: [{ jsonPath: '$.city', stringValue: 'Os', willContinue: true }], willContinue: true }),
    piece({ partialArgs: [{ jsonPath: '$.city', stringValue: 'lo' }], willContinue: true }),
  ];
  const end = gemini([{ text: '' }], { finishReason: 'STOP' }, geminiUsage(5));

  it.each([
    { name: 'ended by an empty call', chunks: [...begun, piece({}), end] },
    { name: 'ended by nothing', chunks: [...begun, end] },
  ])('T18: $name are whole, and the call is closed', async ({ chunks }) => {
    expect(faultOf(route(A, G), chunks)).toBeUndefined();
    expect(await folded(route(A, G), chunks)).toMatchObject({
      content: [{ type: 'tool_use', name: 'look', input: OSLO }],
      stop_reason: 'tool_use',
    });
  });
});

describe('a call whose name never comes', () => {
  const { name: _name, ...nameless } = responsesCall('call_1', 'look');
  const whole = [
    { type: 'response.output_item.added', output_index: 0, item: nameless },
    { type: 'response.output_item.done', output_index: 0, item: nameless },
  ];
  const use = { type: 'tool_use', id: 'toolu_1', input: {} };

  it.each([
    { name: 'Messages', target: A, chunks: [messageStart(), ...block(0, use), ...messageEnd('tool_use')] },
    { name: 'Responses', target: R, chunks: responsesStream(whole, [nameless]) },
    { name: 'Chat', target: C, chunks: [chat(fragment(0, '{}', { id: 'c0' })), chat({}, 'tool_calls'), '[DONE]'] },
    { name: 'Gemini', target: G, chunks: [gemini([{ functionCall: { args: {} } }], { finishReason: 'STOP' })] },
  ])('T19: of a $name vendor is a failure and never a guess', ({ target, chunks }) => {
    expect(streamed(route(A, target), chunks).failure).toBe('upstream-garbled');
  });
});

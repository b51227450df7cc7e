import { PROTOCOL_NAMES } from '@bytespike/kernel';

import { A, ask, at, C, folded, G, lost, R, received, route, sent, sentRaw, told } from '../testing/case.js';
import { nextBody, toolFields } from '../testing/client-turns.js';
import { toolLoop, TURNS } from '../testing/tool-loop.js';
import { stateOf, vendorAnswer } from '../testing/vendor-answers.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';
import { block, messageEnd, messageStart, responsesCall, responsesStream } from '../testing/vendor-chunks.js';
import { CAPSULE_PREFIX } from '../capsule-marks.js';
import { openExchange } from '../translation/exchange.js';

/** Reasoning state (protocols 2.6, 3.3). */
type Part = Readonly<Record<string, unknown>>;

const hi = { role: 'user', content: 'Hi' };
const geminiParts = (body: string): readonly Part[] =>
  (JSON.parse(body) as { contents: { parts: Part[] }[] }).contents.flatMap(({ parts }) => parts);
const callParts = (body: string): readonly Part[] => geminiParts(body).filter((part) => 'functionCall' in part);
const signedParts = (body: string): readonly Part[] => geminiParts(body).filter((part) => 'thoughtSignature' in part);

describe('a tool loop on Gemini', () => {
  const readers = [A, C, R].flatMap((client) =>
    (['whole', 'streamed'] as const).map((reading) => ({ client, reading })),
  );

  it.each(readers)(
    'T29: of a $client client, $reading, brings each signature back on the part it came with',
    async ({ client, reading }) => {
      const last = (await toolLoop(client, [G, G, G, G], reading)).sent.at(-1);
      const signed = signedParts(last?.body ?? '{"contents":[]}');
      expect(signed.map((part) => [at(part, 'functionCall.args.city'), part['thoughtSignature']])).toEqual([
        ['Oslo', stateOf(G, 1)],
        ['Oslo', stateOf(G, 2)],
        ['Wien', stateOf(G, 3)],
      ]);
    },
  );

  it('T30: with three parallel calls has one signature, on the first, and invents none', () => {
    const calls = ['Oslo', 'Rom', 'Wien'].map((city) => ({ name: 'look', city }));
    const way = route(A, G);
    const body = {
      ...toolFields(A, 'look'),
      messages: [hi],
      model: 'm',
      max_tokens: 99,
      thinking: { type: 'adaptive' },
    };
    const answer = openExchange(JSON.stringify(body), way).answer(
      JSON.stringify(vendorAnswer(G, { turn: 1, thought: 'Hm.', calls })),
    );
    const next = nextBody(A, body, JSON.parse(answer.body) as object);
    const signatures = callParts(openExchange(JSON.stringify(next), way).body).map((part) => part['thoughtSignature']);
    expect(signatures).toEqual([stateOf(G, 1), undefined, undefined]);
  });

  it('T31: with tools the vendor ran is replayed as it came, raw to the byte', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'Search' }] },
      {
        role: 'model',
        parts: [
          { toolCall: { id: 't1', toolType: 'GOOGLE_SEARCH', args: { query: 'sun' } }, thoughtSignature: 'AbC+/w==' },
          { toolResponse: { id: 't1', toolType: 'GOOGLE_SEARCH', response: { n: 1 } }, thoughtSignature: 'DeF_-w' },
          { text: '', thoughtSignature: 'GhI=' },
        ],
      },
      { role: 'user', parts: [{ text: 'More' }] },
    ];
    expect(sent(ask(route(G, G), { contents }), 'contents')).toEqual(contents);
    expect(sentRaw(G, { contents }, 'gemini-3.1-pro-preview')).toBe(JSON.stringify({ contents }));
  });
});

describe('thinking on its own wire', () => {
  const interleaved = [
    { type: 'thinking', thinking: 'First.', signature: 'sig-1' },
    { type: 'tool_use', id: 'toolu_1', name: 'look', input: { b: 1, a: 2 } },
    { type: 'thinking', thinking: '', signature: 'sig-2' },
    { type: 'redacted_thinking', data: 'opaque' },
    { type: 'tool_use', id: 'toolu_2', name: 'look', input: {} },
  ];
  const messages = [
    hi,
    { role: 'assistant', content: interleaved },
    {
      role: 'user',
      content: ['toolu_1', 'toolu_2'].map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })),
    },
  ];

  it('T32: interleaved with calls is neither reordered nor rebuilt', () => {
    expect(JSON.stringify(sent(ask(route(A, A), { messages }), 'messages'))).toBe(JSON.stringify(messages));
    expect(sentRaw(A, { model: 'alias', messages }, 'claude-sonnet-4-6')).toBe(
      JSON.stringify({ model: 'claude-sonnet-4-6', messages }),
    );
  });

  it('T33: is signed by a delta of its own', () => {
    const thinking = block(
      0,
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'Hm.' },
      { type: 'signature_delta', signature: 'sig-1' },
    );
    const items = received(route(A, A), [messageStart(), ...thinking, ...messageEnd('end_turn')]);
    const deltas = items.filter((item) => at(item, 'type') === 'content_block_delta').map((item) => at(item, 'delta'));
    expect(deltas).toEqual([
      { type: 'thinking_delta', thinking: 'Hm.' },
      { type: 'signature_delta', signature: 'sig-1' },
    ]);
  });

  it('T34: loses a cache mark its vendor would refuse, and is said to', () => {
    const marked = { type: 'thinking', thinking: 'Hm.', signature: 'sig-1', cache_control: { type: 'ephemeral' } };
    const exchange = ask(route(A, A), { messages: [hi, { role: 'assistant', content: [marked] }, hi] });
    expect(sent(exchange, 'messages.1.content.0')).toEqual({ type: 'thinking', thinking: 'Hm.', signature: 'sig-1' });
    expect(lost(exchange)).toEqual([expect.stringMatching(/^L83 messages\.1\.content\.0/)]);
  });

  it('T44: is asked of a newer model by effort, without a budget and without sampling', () => {
    const asked = [
      { client: A, fields: { output_config: { effort: 'high' }, temperature: 1 } },
      { client: R, fields: { reasoning: { effort: 'high' }, temperature: 1 } },
      { client: C, fields: { reasoning_effort: 'high', temperature: 1 } },
      { client: G, fields: { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH' }, temperature: 1 } } },
    ];
    for (const { client, fields } of asked) {
      const body = sent(ask({ ...route(client, A), upstreamModel: 'claude-opus-4-8' }, fields));
      expect(body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } });
      expect(at(body, 'thinking.budget_tokens')).toBeUndefined();
      expect(at(body, 'temperature')).toBeUndefined();
    }
  });
});

describe('a Responses client', () => {
  const user = { role: 'user', content: 'Hi' };
  const reasoning = (id: string, more: object = {}) => ({
    type: 'reasoning',
    id,
    summary: [],
    encrypted_content: `enc-${id}`,
    ...more,
  });
  const call = responsesCall('call_1', 'look');
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'sun' };

  it('T35: of a Messages vendor carries its signature both ways, and a foreign state is said to be dropped', async () => {
    const { sent: bodies } = await toolLoop(R, [A, A, A, A], 'whole');
    expect(bodies.at(-1)?.body).toContain(stateOf(A, 3));
    const foreign = ask(route(R, A), { input: [user, reasoning('rs_1'), call, output] });
    expect(foreign.body).not.toContain('enc-rs_1');
    expect(lost(foreign)).toEqual(expect.arrayContaining([expect.stringMatching(/^L40 input\.1/)]));
  });

  it('T36: keeps an empty summary', () => {
    const input = [user, reasoning('rs_1'), call, output];
    expect(sent(ask(route(R, R), { input }), 'input.1')).toMatchObject({ type: 'reasoning', summary: [] });
  });

  it('T37: keeps reasoning with its item, or drops it and says so', () => {
    const orphan = ask(route(R, R), { input: [user, reasoning('rs_1'), user] });
    expect(vendorBodyFault(R, 'openai', orphan.body)).toBeUndefined();
    expect(orphan.body).not.toContain('rs_1');
    expect(lost(orphan)).toEqual(expect.arrayContaining([expect.stringMatching(/^L\d\d input\.1/)]));
    const pair = ask(route(R, R), { input: [user, reasoning('rs_1'), call, output] });
    expect(sent(pair, 'input.1')).toMatchObject({ type: 'reasoning', id: 'rs_1' });
  });

  it('T38: of DeepSeek has reasoning before each of two calls, and no text between them', () => {
    const thought = reasoning('rs_1', { content: [{ type: 'reasoning_text', text: 'Hm.' }] });
    const said = {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Both.', annotations: [] }],
    };
    const second = responsesCall('call_2', 'look');
    const input = [user, thought, call, said, second, output, { ...output, call_id: 'call_2' }];
    const items = sent(ask(route(R, R, 'deepseek'), { input }), 'input') as readonly Part[];
    const types = items.map((item) => item['type'] ?? item['role']);
    const calls = types.flatMap((type, index) => (type === 'function_call' ? [index] : []));
    expect(calls).toHaveLength(2);
    for (const index of calls) expect(types[index - 1]).toBe('reasoning');
    const between = items.slice(calls[0], calls[1]);
    expect(between.filter(({ role }) => role === 'assistant')).toEqual([]);
  });

  it('T43: state without text becomes redacted thinking once, and comes back once', async () => {
    const item = reasoning('rs_1');
    const chunks = responsesStream(
      [
        { type: 'response.output_item.added', output_index: 0, item: { ...item, encrypted_content: '' } },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
        { type: 'response.function_call_arguments.done', output_index: 1, item_id: call.id, arguments: '{}' },
        { type: 'response.output_item.done', output_index: 1, item: call },
      ],
      [item, call],
    );
    const answer = await folded(route(A, R), chunks);
    expect(at(answer, 'content')).toMatchObject([{ type: 'redacted_thinking' }, { type: 'tool_use' }]);
    const next = nextBody(A, { model: 'm', max_tokens: 99, thinking: { type: 'adaptive' }, messages: [hi] }, answer);
    const back = openExchange(JSON.stringify(next), route(A, R)).body;
    expect(back.split('enc-rs_1')).toHaveLength(2);
    expect(at(JSON.parse(back), 'input.1')).toMatchObject({ type: 'reasoning', encrypted_content: 'enc-rs_1' });
  });
});

describe('a Chat client', () => {
  it.each([{ vendor: 'deepseek' }, { vendor: 'moonshot' }])(
    'T39: of $vendor repeats the reasoning of every turn with tools',
    ({ vendor }) => {
      const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
      const turn = (id: string) => [
        { role: 'assistant', content: null, reasoning_content: `Thought ${id}`, tool_calls: [call(id)] },
        { role: 'tool', tool_call_id: id, content: 'sun' },
      ];
      const messages = [hi, ...turn('c1'), ...turn('c2'), hi];
      const body = sent(
        ask(route(C, C, vendor), { messages, ...toolFields(C, 'look') }),
        'messages',
      ) as readonly Part[];
      const thoughts = body.filter((message) => 'tool_calls' in message).map((message) => message['reasoning_content']);
      expect(thoughts).toEqual(['Thought c1', 'Thought c2']);
    },
  );

  const openLoop = {
    messages: [
      hi,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'sun' },
    ],
    ...toolFields(C, 'look'),
  };

  it('T40: of a Messages vendor whose open loop lacks its thinking has it switched off, and is told', () => {
    // Models with a thinking budget insist that an open loop begins with its thought; newer ones do not.
    const older = { ...route(C, A), upstreamModel: 'claude-sonnet-4-5' };
    const exchange = ask(older, { reasoning_effort: 'high', ...openLoop });
    expect(sent(exchange, 'thinking.type') ?? 'disabled').toBe('disabled');
    expect(lost(exchange)).toEqual(expect.arrayContaining([expect.stringMatching(/^L42 /)]));
    expect(ask(older, { reasoning_effort: 'high', ...openLoop }).body).toBe(exchange.body);
  });

  it('T41: that changes its vendor hands no signature of the first to the second, and is told', () => {
    const way = route(C, A);
    const answer = told(way, vendorAnswer(A, TURNS[0] ?? { turn: 1, calls: [] }), toolFields(C, 'look', 'ask'));
    const body = nextBody(C, { model: 'm', messages: [hi], ...toolFields(C, 'look', 'ask') }, answer);
    const elsewhere = openExchange(JSON.stringify(body), route(C, A, 'moonshot'));
    expect(elsewhere.body).not.toContain(stateOf(A, 1));
    expect(elsewhere.body).not.toContain(CAPSULE_PREFIX);
    expect(lost(elsewhere)).toEqual(expect.arrayContaining([expect.stringMatching(/^L40 /)]));
  });

  it.each([
    { vendor: A, refusal: 'messages.1.content.0: Invalid `signature` in `thinking` block' },
    {
      vendor: A,
      refusal:
        'messages.3.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
    },
    { vendor: G, refusal: 'Corrupted thought signature.' },
    {
      vendor: R,
      refusal:
        'The encrypted content gAAA...xyz could not be verified. Reason: Encrypted content could not be decrypted or parsed.',
    },
  ])('T41: is written once more without what $vendor cannot verify: $refusal', ({ vendor, refusal }) => {
    const way = route(C, vendor);
    const answer = told(way, vendorAnswer(vendor, TURNS[0] ?? { turn: 1, calls: [] }), toolFields(C, 'look', 'ask'));
    const body = nextBody(C, { model: 'm', messages: [hi], ...toolFields(C, 'look', 'ask') }, answer);
    const signed = openExchange(JSON.stringify(body), way);
    expect(signed.body).toContain(stateOf(vendor, 1));
    const bare = signed.afterRefusal(refusal);
    expect(bare?.body).not.toContain(stateOf(vendor, 1));
    expect(bare?.losses.map(({ code }) => code)).toContain('L40');
    expect(signed.afterRefusal('messages: too many')).toBeUndefined();
    expect(bare?.afterRefusal(refusal)).toBeUndefined();
  });

  it('T45: of a Responses vendor has the highest effort forwarded beside tools', () => {
    const fields = { reasoning_effort: 'max', ...toolFields(C, 'look') };
    const exchange = ask({ ...route(C, R), upstreamModel: 'gpt-5.6' }, fields);
    expect(sent(exchange, 'reasoning.effort')).toBe('max');
    expect(sent(exchange, 'tools')).toHaveLength(1);
  });

  it('T46: sees thinking in one shape, whoever thought', () => {
    const thought = { turn: 1, thought: 'Hm.', text: 'Hi', calls: [] };
    for (const target of PROTOCOL_NAMES) {
      const message = at(
        told(route(C, target, target === C ? 'deepseek' : undefined), vendorAnswer(target, thought)),
        'choices.0.message',
      );
      expect(message).toMatchObject({ role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' });
    }
  });
});

it('T42: thinking, its blocks and a picture of a Messages client are carried to a Chat vendor or said to be lost', () => {
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
  const exchange = ask(route(A, C), {
    thinking: { type: 'enabled', budget_tokens: 10_000 },
    max_tokens: 20_000,
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Hi' }, picture] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'sig-of-somebody' },
          { type: 'redacted_thinking', data: 'opaque' },
          { type: 'text', text: 'Hello' },
        ],
      },
      hi,
    ],
  });
  expect(sent(exchange, 'messages.0.content.1')).toMatchObject({ type: 'image_url' });
  expect(sent(exchange, 'reasoning_effort')).toBe('high');
  const codes = lost(exchange);
  expect(codes).toEqual(expect.arrayContaining(['L40 messages.1.content.0', 'L40 messages.1.content.1']));
  expect(codes.some((line) => line.startsWith('L43 '))).toBe(true);
});

import { A, ask, at, C, G, lost, R, route, sent, told } from '../testing/case.js';
import { callsOf, nextBody, toolFields } from '../testing/client-turns.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';
import { chatAnswer, chatCall, gemini, responsesCall } from '../testing/vendor-chunks.js';
import { openExchange } from '../translation/exchange.js';

/** Tools: ids, order, media, schema (protocols 2.5, 2.7, 3.4). */
const hi = { role: 'user', content: 'Hi' };
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } };

describe('two parallel calls of a Responses client', () => {
  const output = (call_id: string, text: string) => ({ type: 'function_call_output', call_id, output: text });
  const input = [
    hi,
    responsesCall('c1', 'look', { city: 'Oslo' }),
    responsesCall('c2', 'look', { city: 'Rom' }),
    output('c1', 'sun'),
    output('c2', 'rain'),
  ];
  const fields = { input, ...toolFields(R, 'look') };

  it('T47: are one turn with two calls at Chat and at Gemini, their results behind it and matched', () => {
    const chat = ask(route(R, C), fields);
    expect(vendorBodyFault(C, 'openai', chat.body)).toBeUndefined();
    expect(sent(chat, 'messages')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'c1' }, { id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c1', content: 'sun' },
      { role: 'tool', tool_call_id: 'c2', content: 'rain' },
    ]);
    const gem = ask(route(R, G), fields);
    expect(vendorBodyFault(G, 'google', gem.body)).toBeUndefined();
    expect(sent(gem, 'contents')).toMatchObject([
      { role: 'user' },
      {
        role: 'model',
        parts: [{ functionCall: { args: { city: 'Oslo' } } }, { functionCall: { args: { city: 'Rom' } } }],
      },
      { role: 'user', parts: [{ functionResponse: { name: 'look' } }, { functionResponse: { name: 'look' } }] },
    ]);
  });
});

describe('a Chat client', () => {
  const loop = [
    hi,
    { role: 'assistant', content: null, tool_calls: [chatCall('c1', 'look')] },
    { role: 'tool', tool_call_id: 'c1', content: '{"sun": true}' },
  ];

  it('T48: has the text of its result and its choice against parallel calls kept by a Responses vendor', () => {
    const exchange = ask(route(C, R), { messages: loop, ...toolFields(C, 'look'), parallel_tool_calls: false });
    const output = (sent(exchange, 'input') as readonly object[]).find(
      (item) => at(item, 'type') === 'function_call_output',
    );
    expect(output).toMatchObject({ call_id: 'c1', output: '{"sun": true}' });
    expect(sent(exchange, 'parallel_tool_calls')).toBe(false);
  });

  it('T49: has its allowed tools and its choice against parallel calls kept by a Messages vendor', () => {
    const allowed = { mode: 'auto', tools: [{ type: 'function', function: { name: 'look' } }] };
    const exchange = ask(route(C, A), {
      ...toolFields(C, 'look', 'run'),
      tool_choice: { type: 'allowed_tools', allowed_tools: allowed },
      parallel_tool_calls: false,
    });
    expect(sent(exchange, 'tools')).toMatchObject([{ name: 'look' }]);
    expect(sent(exchange, 'tool_choice')).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  });

  it('T53: has a rich schema taken by Gemini as JSON schema, or its constraints kept in words', () => {
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        count: { type: 'integer', exclusiveMinimum: 3, multipleOf: 7 },
        kind: { const: 'weather' },
        tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        extra: { type: 'object', patternProperties: { '^x-': { type: 'string' } }, propertyNames: { maxLength: 9 } },
        both: { allOf: [{ type: 'string' }, { minLength: 2 }] },
      },
    };
    const exchange = ask(route(C, G), { tools: [{ type: 'function', function: { name: 'look', parameters } }] });
    const declared = sent(exchange, 'tools.0.functionDeclarations.0') as object;
    const schema = JSON.stringify(at(declared, 'parametersJsonSchema'));
    const told = JSON.stringify(declared);
    for (const keyword of ['$schema', 'const', 'uniqueItems', 'patternProperties', 'propertyNames', 'multipleOf'])
      expect({ keyword, kept: schema.includes(`"${keyword}":`) }).toEqual({ keyword, kept: false });
    for (const value of ['3', '7', 'weather', 'x-'])
      expect({ value, told: told.includes(value) }).toEqual({ value, told: true });
    expect(lost(exchange).filter((line) => line.startsWith('L51 '))).toHaveLength(1);
  });

  it('T55: has a tool without strictness sent to a Responses vendor as not strict', () => {
    expect(sent(ask(route(C, R), toolFields(C, 'look')), 'tools.0')).toMatchObject({ name: 'look', strict: false });
  });
});

describe('a Messages client', () => {
  const shown = [
    hi,
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: '1x1' }, picture] }],
    },
  ];

  it.each([
    { vendor: 'openai', reaches: true, code: 'L30' },
    { vendor: 'deepseek', reaches: false, code: 'L14' },
  ])('T50: has the picture of a result seen by $vendor, or is told', ({ vendor, reaches, code }) => {
    const exchange = ask(route(A, C, vendor), { messages: shown, ...toolFields(A, 'look') });
    expect(exchange.body.includes(PIXEL)).toBe(reaches);
    expect(lost(exchange).map((line) => line.slice(0, 3))).toContain(code);
    expect(vendorBodyFault(C, 'other', exchange.body)).toBeUndefined();
  });

  it('T51: has a picture sent as a picture, never as text', () => {
    const exchange = ask(route(A, C), {
      messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, picture] }],
    });
    expect(sent(exchange, 'messages.0.content')).toEqual([
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
    ]);
  });

  it.each([
    { vendor: 'openai', code: undefined },
    { vendor: 'deepseek', code: 'L14' },
  ])('T52: has a document converted for $vendor, or refused', ({ vendor, code }) => {
    const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' };
    const document = { type: 'document', source: pdf, title: 'a.pdf' };
    const exchange = ask(route(A, C, vendor), {
      messages: [{ role: 'user', content: [document, { type: 'text', text: 'Read' }] }],
    });
    const [loss] = lost(exchange);
    expect(loss?.slice(0, 3)).toBe(code);
    expect(exchange.body.includes('"type":"file"')).toBe(code === undefined);
  });

  it('T54: has a web search declared to Gemini as its own, and never as a function', () => {
    const tools = [
      { type: 'web_search_20250305', name: 'web_search' },
      { name: 'look', input_schema: { type: 'object' } },
    ];
    const declared = sent(ask(route(A, G), { tools }), 'tools') as readonly object[];
    expect(declared).toEqual(expect.arrayContaining([{ googleSearch: {} }]));
    expect(JSON.stringify(declared)).not.toContain('web_search');
    expect(JSON.stringify(declared)).toContain('"name":"look"');
  });

  it('T56: has ids that Kimi repeats made unique, and Kimi gets its own back', () => {
    const way = route(A, C, 'moonshot');
    const answer = chatAnswer({ content: null, tool_calls: [chatCall('functions.look:0', 'look')] }, 'tool_calls');
    let body: object = { model: 'm', max_tokens: 99, messages: [hi], ...toolFields(A, 'look') };
    const ids: string[] = [];
    while (ids.length < 2) {
      const reply = JSON.parse(openExchange(JSON.stringify(body), way).answer(JSON.stringify(answer)).body) as object;
      ids.push(...callsOf(A, reply).map(({ id }) => id));
      const first = JSON.parse(openExchange(JSON.stringify(nextBody(A, body, reply)), way).body) as object;
      if (ids.length === 1) expect(at(first, 'messages.1.tool_calls.0.id')).toBe('functions.look:0');
      body = nextBody(A, body, reply);
    }
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(vendorBodyFault(C, 'moonshot', openExchange(JSON.stringify(body), way).body)).toBeUndefined();
  });

  it('T57: has its results matched at Gemini by name and order where calls came without ids', () => {
    const way = route(A, G);
    const calls = ['Oslo', 'Rom'].map((city) => ({ functionCall: { name: 'look', args: { city } } }));
    const body = { model: 'm', max_tokens: 99, messages: [hi], ...toolFields(A, 'look') };
    const reply = told(way, gemini(calls, { finishReason: 'STOP' }), body);
    const ids = callsOf(A, reply).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    const next = openExchange(JSON.stringify(nextBody(A, body, reply)), way);
    expect(sent(next, 'contents.2.parts')).toMatchObject(
      ids.map((id) => ({ functionResponse: { name: 'look', response: { output: `result of ${id}` } } })),
    );
  });
});

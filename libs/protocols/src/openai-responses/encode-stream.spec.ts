import type { GenerateRequest, GenerateResponse, ResponsePart } from '@bytespike/ir';
import type { JsonObject } from '@bytespike/kernel';

import { openaiResponses } from './index.js';

const { toIr, fromIr, schema } = openaiResponses;
const answer = (parts: readonly ResponsePart[], more: Partial<GenerateResponse> = {}): GenerateResponse => ({
  id: 'msg_9',
  model: 'm',
  createdAt: 7,
  parts,
  finish: { reason: 'stop' },
  ...more,
});
const write = (ir: GenerateResponse, asked?: GenerateRequest): JsonObject =>
  fromIr.response(ir, asked).wire as JsonObject;
const items = (wire: JsonObject): readonly JsonObject[] => wire['output'] as readonly JsonObject[];

describe('a response', () => {
  const body = {
    model: 'm',
    input: 'Hi',
    instructions: 'Be brief.',
    tools: [{ type: 'function', name: 'a', parameters: null, strict: true }],
    tool_choice: { type: 'function', name: 'a' },
    parallel_tool_calls: false,
    temperature: 0.2,
    top_p: 0.5,
    max_output_tokens: 99,
    reasoning: { effort: 'low', summary: 'detailed', context: 'all_turns' },
    text: { format: { type: 'json_object' }, verbosity: 'low' },
    metadata: { a: 'b' },
    prompt_cache_key: 'k',
  };

  it('repeats what was asked', () => {
    const asked = toIr.request(schema.request.parse(body));
    const { model: _model, input: _input, ...echoed } = body;
    expect(write(answer([]), asked)).toMatchObject({ ...echoed, id: 'resp_msg_9', created_at: 7, object: 'response' });
  });

  it('has every field its readers require though nothing is known of the request', () => {
    expect(write(answer([]))).toMatchObject({
      tools: [],
      tool_choice: 'auto',
      metadata: {},
      text: { format: { type: 'text' } },
    });
  });

  it.each<{ finish: GenerateResponse['finish']; parts: readonly ResponsePart[]; told: object }>([
    { finish: { reason: 'tool-calls' }, parts: [], told: { status: 'completed', incomplete_details: null } },
    { finish: { reason: 'stop-sequence', stopSequence: 'X' }, parts: [], told: { status: 'completed' } },
    {
      finish: { reason: 'length' },
      parts: [],
      told: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    },
    { finish: { reason: 'context-window' }, parts: [], told: { incomplete_details: { reason: 'max_output_tokens' } } },
    {
      finish: { reason: 'refusal' },
      parts: [{ type: 'text', text: 'Fi' }],
      told: { incomplete_details: { reason: 'content_filter' } },
    },
    { finish: { reason: 'refusal' }, parts: [{ type: 'refusal', text: 'No.' }], told: { status: 'completed' } },
    { finish: { reason: 'pause' }, parts: [], told: { incomplete_details: { reason: 'max_messages' } } },
    { finish: { reason: 'other', raw: 'odd' }, parts: [], told: { status: 'completed' } },
  ])('that ended with $finish.reason says $told', ({ finish, parts, told }) => {
    expect(write(answer(parts, { finish }))).toMatchObject(told);
  });

  it('gives a refusal without words the vendor’s reason', () => {
    const finish = { reason: 'refusal', refusal: { explanation: 'Too dangerous.' } } as const;
    expect(write(answer([], { finish }))).toMatchObject({
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'Too dangerous.' }] }],
    });
  });

  it('says of half a call that it is incomplete', () => {
    const call = { type: 'tool-call', id: 'c1', name: 'a', kind: 'function', argumentsText: '{"x": "un' } as const;
    expect(items(write(answer([call], { finish: { reason: 'length' } })))).toMatchObject([
      { type: 'function_call', status: 'incomplete', arguments: '{"x": "un' },
    ]);
  });

  it('counts classes of tokens once', () => {
    const usage = { input: 25, cacheRead: 75, cacheWrite5m: 10, output: 5, reasoning: 4, searchCalls: 2 };
    expect(write(answer([], { usage }))).toMatchObject({
      usage: {
        input_tokens: 110,
        input_tokens_details: { cached_tokens: 75, cache_write_tokens: 10 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 119,
      },
      tool_usage: { web_search: { num_requests: 2 } },
    });
  });
});

describe('citations', () => {
  it('of a whole text span it by code points; those with a range keep it', () => {
    const text = '🌊 東京 ✓';
    const cited: ResponsePart = {
      type: 'text',
      text,
      citations: [
        { url: 'https://a.example', title: 'A', citedText: 'x' },
        { url: 'https://b.example', start: 2, end: 4 },
      ],
    };
    const [message] = items(write(answer([cited])));
    expect(message?.['content']).toEqual([
      {
        type: 'output_text',
        text,
        logprobs: [],
        annotations: [
          { type: 'url_citation', start_index: 2, end_index: 4, url: 'https://b.example', title: 'https://b.example' },
          { type: 'url_citation', start_index: 0, end_index: 6, url: 'https://a.example', title: 'A' },
        ],
      },
    ]);
  });
});

describe('a search', () => {
  const call: ResponsePart = {
    type: 'server-tool-call',
    id: 'srvtoolu_1',
    family: 'web-search',
    input: { query: 'tide' },
  };

  it('is one item with its sources', () => {
    const result: ResponsePart = {
      type: 'server-tool-result',
      callId: 'srvtoolu_1',
      family: 'web-search',
      sources: [{ url: 'https://a.example', title: 'A' }],
    };
    expect(items(write(answer([call, result, { type: 'text', text: 'Six.' }])))).toMatchObject([
      {
        id: 'ws_msg_9_0',
        type: 'web_search_call',
        status: 'completed',
        action: { type: 'search', query: 'tide', sources: [{ type: 'url', url: 'https://a.example' }] },
      },
      { type: 'message', id: 'msg_msg_9_1' },
    ]);
  });

  it('whose result never came is told all the same', () => {
    expect(items(write(answer([call])))).toMatchObject([{ type: 'web_search_call', action: { sources: [] } }]);
  });
});

describe('visible reasoning', () => {
  const part: ResponsePart = { type: 'reasoning', visibility: 'full', segments: ['One.', 'Two.'] };

  it('stands in the summary for a client that asked for one, and as itself for any other', () => {
    const asked = toIr.request(schema.request.parse({ model: 'm', input: 'Hi', reasoning: { summary: 'auto' } }));
    expect(items(write(answer([part]), asked))).toMatchObject([
      { summary: [{ type: 'summary_text', text: 'One.' }, { text: 'Two.' }] },
    ]);
    expect(items(write(answer([part])))).toMatchObject([
      { summary: [], content: [{ type: 'reasoning_text', text: 'One.' }, { text: 'Two.' }] },
    ]);
  });
});

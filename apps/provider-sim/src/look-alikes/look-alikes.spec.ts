import OpenAI from 'openai';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { arkChat } from './ark.js';
import { deepseekChat } from './deepseek.js';
import { minimaxChat } from './minimax.js';
import { moonshotChat } from './moonshot.js';
import { zhipuChat } from './zhipu.js';

type Messages = OpenAI.ChatCompletionMessageParam[];
type Extended = OpenAI.ChatCompletionMessage & { reasoning_content?: string; reasoning_details?: { text: string }[] };

const WEATHER = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

const BASES = {
  deepseek: '/deepseek',
  moonshot: '/moonshot/v1',
  zhipu: '/zhipu/api/paas/v4',
  minimax: '/minimax/v1',
  ark: '/ark/api/v3',
} as const;
const MODELS = {
  deepseek: 'deepseek-v4-pro',
  moonshot: 'kimi-k2.6',
  zhipu: 'glm-5.1',
  minimax: 'MiniMax-M2.7',
  ark: 'ep-20260101-abcde',
} as const;
type Vendor = keyof typeof BASES;
const VENDORS = Object.keys(BASES) as Vendor[];

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([deepseekChat, moonshotChat, zhipuChat, minimaxChat, arkChat]);
});
afterAll(() => simulator.close());

const client = (vendor: Vendor, apiKey = 'sim-look') =>
  new OpenAI({ apiKey, baseURL: `${simulator.address}${BASES[vendor]}`, maxRetries: 0, logLevel: 'off' });
const user = (content: string) => ({ role: 'user' as const, content });
const ask = async (vendor: Vendor, content: string, extra: object = {}) => {
  const request = { model: MODELS[vendor], messages: [user(content)], ...extra };
  return client(vendor).chat.completions.create(request as OpenAI.ChatCompletionCreateParamsNonStreaming);
};
const said = (completion: OpenAI.ChatCompletion) => completion.choices[0]!.message as Extended;
const rawStream = async (vendor: Vendor, content: string, extra: object = {}) => {
  const response = await client(vendor)
    .chat.completions.create({ model: MODELS[vendor], messages: [user(content)], stream: true, ...extra })
    .asResponse();
  const text = await response.text();
  const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
  return { text, chunks: lines.map((line) => JSON.parse(line.slice(6))) };
};

describe.each(VENDORS)('%s', (vendor) => {
  it('answers in one piece and as a stream that folds to the same', async () => {
    const off = vendor === 'minimax' ? {} : { thinking: { type: 'disabled' } };
    const whole = await ask(vendor, 'count to 9', off);
    const request = { model: MODELS[vendor], messages: [user('count to 9')], ...off };
    const folded = await client(vendor)
      .chat.completions.stream({ ...request, stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(said(whole).content).toContain('1, 2, 3, 4, 5, 6, 7, 8, 9');
    expect(folded.choices[0]?.message.content).toBe(said(whole).content);
    expect(folded.usage).toEqual(whole.usage);
  });

  it('holds a tool loop with parallel calls when thinking is given back', async () => {
    const messages: Messages = [
      user('think: which\ncall: get_weather {"city":"Oslo"}\ncall: get_weather {"city":"Rome"}\nthen\nsay: done'),
    ];
    const request = { model: MODELS[vendor], messages, tools: [WEATHER] };
    const first = await client(vendor).chat.completions.create(request);
    const calls = first.choices[0]!.message.tool_calls!;
    expect(calls).toHaveLength(2);
    expect(first.choices[0]!.finish_reason).toBe('tool_calls');
    messages.push(
      first.choices[0]!.message,
      ...calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'warm' })),
    );
    expect((await client(vendor).chat.completions.create(request)).choices[0]!.message.content).toContain('done');
  });

  it('remembers long prompts', async () => {
    const long = `${vendor} ${'many words '.repeat(2000)}`;
    await ask(vendor, long);
    const warm = await ask(vendor, long);
    expect(warm.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(1000);
  });

  it('has its own words for a bad key, a missing model and a fault', async () => {
    const bad = client(vendor, 'wrong').chat.completions.create({ model: MODELS[vendor], messages: [user('x')] });
    await expect(bad).rejects.toMatchObject({ status: 401 });
    const missing = client(vendor).chat.completions.create({ model: 'gpt-9', messages: [user('x')] });
    await expect(missing).rejects.toMatchObject({ status: vendor === 'moonshot' || vendor === 'ark' ? 404 : 400 });
    const struck = client(vendor).chat.completions.create({
      model: `${MODELS[vendor]}+fault:status=503`,
      messages: [user('x')],
    });
    await expect(struck).rejects.toMatchObject({ status: 503 });
  });

  it.each([['stream-error=4'], ['cut=4'], ['malformed=4']])('throws in a stream under %s', async (fault) => {
    const read = async () => {
      const stream = await client(vendor).chat.completions.create({
        model: `${MODELS[vendor]}+fault:${fault}`,
        messages: [user('count to 50')],
        stream: true,
      });
      for await (const chunk of stream) expect(chunk.choices[0]?.finish_reason ?? null).toBeNull();
    };
    await expect(read()).rejects.toThrow();
  });

  it('lacks a finish reason where the terminator is missing', async () => {
    const { text, chunks } = await rawStream(vendor, 'say: hello', { model: `${MODELS[vendor]}+fault:no-terminator` });
    expect(text).not.toContain('[DONE]');
    expect(chunks.every((chunk) => !chunk.choices[0]?.finish_reason)).toBe(true);
  });
});

describe('DeepSeek', () => {
  const looped = (reasoning: object): Messages => [
    user('think: hm\ncall: get_weather {}'),
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_00_x', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
      ...reasoning,
    },
    { role: 'tool', tool_call_id: 'call_00_x', content: 'warm' },
  ];

  it('wants the thinking behind a call back, empty if need be, unless thinking is off', async () => {
    const request = { tools: [WEATHER] };
    await expect(ask('deepseek', '', { ...request, messages: looped({}) })).rejects.toThrow(
      'The `reasoning_content` in the thinking mode must be passed back to the API.',
    );
    expect(
      said(await ask('deepseek', '', { ...request, messages: looped({ reasoning_content: '' }) })).content,
    ).toContain('warm');
    expect(
      said(await ask('deepseek', '', { ...request, messages: looped({}), thinking: { type: 'disabled' } })).content,
    ).toContain('warm');
  });

  it('nulls the field that rests, keeps alive with comments and counts on the finish chunk', async () => {
    const { text, chunks } = await rawStream('deepseek', 'think: hm\nsay: yes');
    expect(text.startsWith(': keep-alive\n\n')).toBe(true);
    expect(chunks.map((chunk) => chunk.choices[0].delta)).toEqual([
      { role: 'assistant', content: null, reasoning_content: '' },
      { content: null, reasoning_content: 'hm' },
      { content: 'yes', reasoning_content: null },
      {},
    ]);
    const { usage } = chunks.at(-1);
    expect(usage.prompt_cache_hit_tokens + usage.prompt_cache_miss_tokens).toBe(usage.prompt_tokens);
    expect(usage.completion_tokens_details.reasoning_tokens).toBe(1);
  });

  it.each([
    [
      'a forced tool while thinking',
      { tools: [WEATHER], tool_choice: 'required' },
      /does not support this tool_choice/,
    ],
    [
      'a JSON schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } },
      /response_format type is unavailable/,
    ],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }] }] },
      /unknown variant `image_url`/,
    ],
  ])('refuses %s', async (_case, extra, message) => {
    await expect(ask('deepseek', 'x', extra)).rejects.toThrow(message);
  });

  it('serves its three bases', async () => {
    for (const base of ['', '/v1', '/beta']) {
      const other = new OpenAI({ apiKey: 'sim-x', baseURL: `${simulator.address}/deepseek${base}`, maxRetries: 0 });
      expect((await other.models.list()).data[0]?.id).toBe('deepseek-v4-pro');
    }
  });
});

describe('Moonshot', () => {
  it('fixes the sampling and names calls by function and number', async () => {
    await expect(ask('moonshot', 'x', { temperature: 0.3 })).rejects.toThrow(
      'invalid temperature: only 1 is allowed for this model',
    );
    const called = await ask('moonshot', 'call: get_weather {}', { tools: [WEATHER] });
    expect(called.choices[0]!.message.tool_calls?.[0]?.id).toBe('functions.get_weather:0');
    expect(called.usage).toHaveProperty('cached_tokens');
  });

  it('reports an empty purse as a 429 of its own type', async () => {
    const broke = ask('moonshot', 'x', { model: 'kimi-k2.6+fault:status=429;type=exceeded_current_quota_error' });
    await expect(broke).rejects.toMatchObject({
      status: 429,
      type: 'exceeded_current_quota_error',
      message: expect.stringContaining('balance'),
    });
  });
});

describe('Zhipu', () => {
  it('answers 200 while ignoring tool_choice and schemas', async () => {
    const ignored = await ask('zhipu', 'say: free text', {
      tools: [WEATHER],
      tool_choice: 'required',
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } },
    });
    expect(said(ignored).content).toBe('free text');
    expect(ignored).toHaveProperty('request_id');
  });

  it('sends arguments whole unless told to stream them', async () => {
    const order = 'call: get_weather {"city":"Oslo"}';
    const fragments = async (extra: object) => {
      const { chunks } = await rawStream('zhipu', order, { tools: [WEATHER], ...extra });
      return chunks.filter((chunk) => chunk.choices[0].delta.tool_calls).length;
    };
    expect(await fragments({})).toBe(1);
    expect(await fragments({ tool_stream: true })).toBeGreaterThan(2);
  });

  it('has numbers for errors', async () => {
    await expect(ask('zhipu', 'x', { model: 'glm-5.1+fault:status=429;code=1113' })).rejects.toMatchObject({
      status: 429,
      code: '1113',
      message: expect.stringContaining('balance'),
    });
    await expect(ask('zhipu', 'x', { model: 'glm-5.3', thinking: { type: 'disabled' } })).rejects.toMatchObject({
      status: 400,
      code: '1210',
    });
  });
});

describe('MiniMax', () => {
  it('thinks between tags, beside the content when asked to split', async () => {
    const tagged = said(await ask('minimax', 'think: hm\nsay: yes'));
    expect(tagged.content).toBe('<think>\nhm\n</think>\n\nyes');
    const split = said(await ask('minimax', 'think: hm\nsay: yes', { reasoning_split: true }));
    expect(split).toMatchObject({ content: 'yes', reasoning_content: 'hm', reasoning_details: [{ text: 'hm' }] });
  });
});

describe('Ark', () => {
  it('switches thinking and words errors by code', async () => {
    expect(said(await ask('ark', 'think: hm\nsay: yes'))).toMatchObject({ content: 'yes', reasoning_content: 'hm' });
    expect(said(await ask('ark', 'think: hm\nsay: yes', { thinking: { type: 'disabled' } }))).not.toHaveProperty(
      'reasoning_content',
    );
    await expect(ask('ark', 'x', { model: 'nobody' })).rejects.toMatchObject({
      status: 404,
      code: 'InvalidEndpointOrModel.NotFound',
    });
  });
});

import type { RunningSimulator } from './start-simulator.js';
import { startSimulator } from './start-simulator.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ PROVIDER_SIM_PORT: '0' });
});
afterAll(() => simulator.drain(0));

const PROMPT = 'count to 40';
const chat = (name: string, path: string, model: string) => ({
  name,
  path,
  body: { model, messages: [{ role: 'user', content: PROMPT }], stream_options: { include_usage: true } },
  /** What a client takes for a proper end. */
  ending: /"finish_reason":"stop"|\[DONE\]/,
});
const contents = [{ role: 'user', parts: [{ text: PROMPT }] }];

const WIRES = [
  chat('OpenAI chat', '/openai/v1/chat/completions', 'gpt-5.5'),
  chat('DeepSeek', '/deepseek/chat/completions', 'deepseek-v4-flash'),
  chat('Moonshot', '/moonshot/v1/chat/completions', 'kimi-k2.6'),
  chat('Zhipu', '/zhipu/api/paas/v4/chat/completions', 'glm-5.1'),
  chat('MiniMax', '/minimax/v1/chat/completions', 'MiniMax-M2.7'),
  chat('Ark', '/ark/api/v3/chat/completions', 'doubao-seed-2-0-pro-260215'),
  {
    name: 'OpenAI Responses',
    path: '/openai/v1/responses',
    body: { model: 'gpt-5.5', input: PROMPT },
    ending: /response\.completed/,
  },
  {
    name: 'Gemini',
    path: '/gemini/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse',
    body: { contents },
    ending: /"finishReason"/,
  },
  {
    name: 'Gemini array',
    path: '/gemini/v1/models/gemini-3-flash:streamGenerateContent',
    body: { contents },
    ending: /"finishReason"/,
  },
];

describe.each(WIRES)('$name', ({ path, body, ending }) => {
  const send = (fault: string, signal?: AbortSignal) =>
    fetch(`${simulator.address}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sim-key', ...(fault !== '' && { 'x-sim-fault': fault }) },
      body: JSON.stringify(path.startsWith('/gemini') ? body : { ...body, stream: true }),
      ...(signal && { signal }),
    });
  const read = async (fault: string) => (await send(fault)).text();

  it('answers with an injected status in its own words, Retry-After included', async () => {
    const response = await send('status=429;retry-after=3');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await response.json()).toMatchObject({ error: expect.anything() });
  });

  it('wraps an error body in a 200', async () => {
    const response = await send('error-body');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ error: expect.anything() });
  });

  it('resets instead of answering', async () => {
    await expect(send('reset')).rejects.toThrow('fetch failed');
  });

  it.each(['cut=4', 'cut-bytes=300'])('breaks off under %s', async (fault) => {
    await expect(read(fault)).rejects.toThrow('terminated');
  });

  it('reports a failure in mid-stream and leaves out the proper end', async () => {
    const text = await read('stream-error=4');
    expect(text).toContain('"error":{');
    expect(text).not.toMatch(ending);
  });

  it('ends without its terminator', async () => {
    const text = await read('no-terminator');
    expect(text).toContain('40');
    expect(text).not.toMatch(ending);
  });

  it('sends one frame that is no JSON', async () => {
    const [whole, spoilt] = [await read(''), await read('malformed=4')];
    expect(spoilt.length).toBeLessThan(whole.length);
    expect(spoilt).toMatch(ending);
  });

  it('leaves the counts out, or makes them impossible', async () => {
    expect(await read('')).toMatch(/"(total_tokens|totalTokenCount)":\d/);
    expect(await read('usage=missing')).not.toMatch(/"(usage|usageMetadata)":/);
    expect(await read('usage=negative')).toMatch(/"(total_tokens|totalTokenCount)":-7/);
    expect(await read('usage=fractional')).toMatch(/"(total_tokens|totalTokenCount)":3.5/);
    expect(await read('usage=text')).toMatch(/"(total_tokens|totalTokenCount)":"many"/);
    expect(await read('usage=zero')).toMatch(/"(total_tokens|totalTokenCount)":0/);
    expect(await read('usage=total')).toMatch(/"(total_tokens|totalTokenCount)":1\b/);
    expect(await read('usage=reasoning')).toMatch(/"(reasoning_tokens|thoughtsTokenCount)":999999/);
  });

  it.each(['gzip', 'chunk=7', 'slow-first=5', 'drip=1'])('says the same under %s', async (fault) => {
    expect(await read(fault)).toBe(await read(''));
  });

  it('claims another content type', async () => {
    expect((await send('content-type=text/html')).headers.get('content-type')).toBe('text/html');
  });

  it('falls silent after some frames until the caller leaves', async () => {
    const gone = new AbortController();
    const response = await send('stall=4', gone.signal);
    const reader = response.body!.getReader();
    const first = await reader.read();
    expect(first.done).toBe(false);
    gone.abort();
    await expect(reader.read().then(({ done }) => (done ? undefined : reader.read()))).rejects.toThrow(/abort/i);
  });
});

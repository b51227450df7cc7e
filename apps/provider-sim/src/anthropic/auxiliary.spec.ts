import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Anthropic } from '@anthropic-ai/sdk';
import { startAnthropic } from '../testing/start-anthropic.js';
import type { RunningSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
let client: Anthropic;
beforeAll(async () => {
  ({ simulator, client } = await startAnthropic());
});
afterAll(() => simulator.close());

describe('models', () => {
  it('are listed page by page, each once', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 3 })) ids.push(model.id);
    expect(ids).toContain('claude-sonnet-4-6');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(10);
  });

  it('can be paged backwards', async () => {
    const all = (await client.models.list({ limit: 1_000 })).data.map((model) => model.id);
    const page = await client.models.list({ limit: 2, before_id: all[4] ?? '' });
    expect(page.data.map((model) => model.id)).toEqual(all.slice(2, 4));
    expect(page.has_more).toBe(true);
  });

  it('are found by alias, with what they can do', async () => {
    expect(await client.models.retrieve('claude-haiku-4-5')).toMatchObject({
      id: 'claude-haiku-4-5-20251001',
      max_tokens: 64_000,
      capabilities: {
        effort: { supported: false },
        thinking: { types: { enabled: { supported: true }, adaptive: { supported: false } } },
      },
    });
  });

  it('are not found when they do not exist', async () => {
    await expect(client.models.retrieve('gpt-9')).rejects.toMatchObject({
      status: 404,
      error: { error: { type: 'not_found_error', message: 'model: gpt-9' } },
    });
  });
});

describe('counting tokens', () => {
  const prompt: Anthropic.MessageCountTokensParams = {
    model: 'claude-sonnet-4-6',
    system: 'Be brief.',
    tools: [{ name: 'look', input_schema: { type: 'object' } }],
    messages: [{ role: 'user', content: 'hello there' }],
  };

  it('gives the number that usage gives', async () => {
    const counted = await client.messages.countTokens(prompt);
    const { usage } = await client.messages.create({
      ...prompt,
      max_tokens: 10,
    } as Anthropic.MessageCreateParamsNonStreaming);
    expect(counted).toEqual({ input_tokens: usage.input_tokens });
  });

  it('takes no limit', async () => {
    await expect(client.messages.countTokens({ ...prompt, max_tokens: 1 } as never)).rejects.toMatchObject({
      message: expect.stringContaining('max_tokens: Extra inputs are not permitted'),
    });
  });
});

describe('what surrounds an answer', () => {
  const request = {
    model: 'claude-sonnet-4-6',
    max_tokens: 50,
    messages: [{ role: 'user' as const, content: 'say: hi' }],
  };
  const send = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
    fetch(`${simulator.address}/anthropic/v1/messages?beta=true`, {
      method: 'POST',
      headers: { authorization: 'Bearer sim-key', 'anthropic-version': '2023-06-01', ...headers },
      body: body as never,
    });

  it('names the request and the limits', async () => {
    const { headers } = await send(JSON.stringify(request));
    expect(headers.get('request-id')).toMatch(/^req_01\w{24}$/);
    expect(headers.get('anthropic-ratelimit-requests-remaining')).toMatch(/^\d+$/);
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('says the same bytes to the same request', async () => {
    const [one, other] = [await send(JSON.stringify(request)), await send(JSON.stringify(request))];
    expect(await one.text()).toBe(await other.text());
  });

  it.each([
    { encoding: 'gzip', encode: gzipSync },
    { encoding: 'zstd', encode: zstdCompressSync },
  ])('reads a body in $encoding', async ({ encoding, encode }) => {
    const response = await send(encode(JSON.stringify(request)), { 'content-encoding': encoding });
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'hi' }] });
  });

  it('refuses an encoding it does not know, and bytes that are not in it', async () => {
    for (const encoding of ['lzma', 'gzip']) {
      const response = await send(JSON.stringify(request), { 'content-encoding': encoding });
      expect(await response.json()).toMatchObject({
        error: { details: { error_code: 'request_body_encoding_unsupported' } },
      });
    }
  });

  it('refuses a body beyond its limit', async () => {
    const response = await send(Buffer.alloc(33 * 1024 * 1024, 32));
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 413,
      body: { error: { type: 'request_too_large' } },
    });
  });

  it('warms the cache without generating anything', async () => {
    const response = await send(JSON.stringify({ ...request, max_tokens: 0 }));
    expect(await response.json()).toMatchObject({
      content: [],
      stop_reason: 'max_tokens',
      usage: { output_tokens: 0 },
    });
  });
});

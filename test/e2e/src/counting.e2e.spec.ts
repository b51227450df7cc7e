import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import { newCustomer, balanceOf, GROUPS } from './accounts.js';
import { CORPUS } from './counting-corpus.js';
import { lendDispatcher } from './lend-dispatcher.js';
import { gateway, platform, postJson, simulator } from './platform.js';
import { clearFaults, injectFault } from './simulator.js';

const key = platform.keys.extended;
const messages = [{ role: 'user' as const, content: 'Count the tokens of this sentence, please.' }];

const anthropic = new Anthropic({ baseURL: gateway, apiKey: key, maxRetries: 0 });
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway } });

beforeAll(lendDispatcher);

const MODELS = ['claude-sonnet-4-6', 'gpt-5-4', 'gemini-3-flash', 'deepseek-v4-pro', 'kimi-k2-6', 'glm-5-1'];

describe.each(MODELS)('tokens of %s', (model) => {
  it('are counted for every protocol that asks', async () => {
    const counts = [
      (await anthropic.messages.countTokens({ model, messages })).input_tokens,
      (await openai.responses.inputTokens.count({ model, input: messages[0]!.content })).input_tokens,
      (await google.models.countTokens({ model, contents: messages[0]!.content })).totalTokens ?? 0,
    ];
    for (const count of counts) expect(count).toBeGreaterThan(5);
    for (const count of counts) expect(count).toBeLessThan(40);
  });
});

describe('a count', () => {
  const count = (model: string, fields: object = {}, headers: Record<string, string> = {}) =>
    postJson('/v1/messages/count_tokens', { model, messages, ...fields }, { 'x-api-key': key, ...headers });

  it.each([
    { model: 'claude-sonnet-4-6', estimate: null },
    { model: 'gpt-5-4', estimate: null },
    { model: 'gemini-3-flash', estimate: null },
    { model: 'deepseek-v4-pro', estimate: 'true' },
  ])('of $model says whether it is an estimate', async ({ model, estimate }) => {
    const response = await count(model);
    expect([response.status, response.headers.get('x-gw-estimate')]).toEqual([200, estimate]);
  });

  it('is not refused for what a generation would lose, nor what a strict caller would refuse', async () => {
    const response = await count('deepseek-v4-pro', { top_k: 4 }, { 'x-gateway-policy': 'strict' });
    expect(response.status).toBe(200);
  });

  it('is an estimate where the counter fails', async () => {
    // A refusal says nothing of the vendor's health, so no other test meets its traces.
    await injectFault({ vendor: 'openai', fault: 'status=400', times: 1 });
    const response = await count('gpt-5-4');
    await clearFaults();
    expect([response.status, response.headers.get('x-gw-estimate')]).toEqual([200, 'true']);
  });

  it('costs nothing and holds nothing, native, translated or estimated', async () => {
    const customer = await newCustomer('0.01', GROUPS.extended);
    const before = await balanceOf(customer.key);
    for (const model of ['claude-sonnet-4-6', 'gpt-5-4', 'deepseek-v4-pro']) {
      const response = await count(model, {}, { 'x-api-key': customer.key });
      expect(response.status).toBe(200);
    }
    expect(await balanceOf(customer.key)).toEqual(before);
  });

  it('of what goes on from a stored response includes what came before', async () => {
    const stored = await openai.responses.create({ model: 'gpt-5-4', input: 'say: some words to remember' });
    const ask = { model: 'gpt-5-4', input: 'and then?' };
    const alone = await openai.responses.inputTokens.count(ask);
    const after = await openai.responses.inputTokens.count({ ...ask, previous_response_id: stored.id });
    expect(after.input_tokens).toBeGreaterThan(alone.input_tokens + 5);
  });
});

describe('an estimate', () => {
  const counted = async (model: string, fields: object): Promise<{ tokens: number; estimate: string | null }> => {
    const response = await postJson('/v1/messages/count_tokens', { model, ...fields }, { 'x-api-key': key });
    const { input_tokens: tokens } = (await response.json()) as { input_tokens: number };
    return { tokens, estimate: response.headers.get('x-gw-estimate') };
  };
  /** What the simulated vendor itself says, without us. */
  const simulated = async (fields: object): Promise<number> => {
    const response = await fetch(`${simulator}/anthropic/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'x-api-key': 'sim-anthropic-key', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'claude-sonnet-4-6', ...fields }),
    });
    return ((await response.json()) as { input_tokens: number }).input_tokens;
  };

  it.each(CORPUS)('is within 15% of what every vendor that counts says: $name', async ({ body }) => {
    const ours = await counted('deepseek-v4-pro', body);
    expect(ours.estimate).toBe('true');
    const theirs = await Promise.all(
      ['claude-sonnet-4-6', 'gpt-5-4', 'gemini-3-flash'].map((model) => counted(model, body)),
    );
    expect(theirs.map(({ estimate }) => estimate)).toEqual([null, null, null]);
    for (const tokens of [await simulated(body), ...theirs.map((one) => one.tokens)]) {
      expect(ours.tokens / tokens).toBeGreaterThan(0.85);
      expect(ours.tokens / tokens).toBeLessThan(1.15);
    }
  });
});

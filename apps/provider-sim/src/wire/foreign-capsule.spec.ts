import { anthropic } from '../anthropic/anthropic.js';
import { gemini } from '../gemini/gemini.js';
import { openai } from '../openai/openai.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([anthropic, openai, gemini]);
});
afterAll(() => simulator.close());

const CAPSULE = `gwc1.${Buffer.from('{"protocol":"openai-responses"}').toString('base64url')}.c2lnbmVk`;

const send = (path: string, body: unknown): Promise<Response> =>
  fetch(`${simulator.address}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sim-key',
      'x-goog-api-key': 'sim-key',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify(body),
  });

const violations = async (): Promise<readonly { path: string }[]> => {
  const answer = await fetch(`${simulator.address}/_sim/violations`);
  return ((await answer.json()) as { violations: { path: string }[] }).violations;
};

const messages = (content: unknown) => ({
  model: 'claude-sonnet-4-6',
  max_tokens: 50,
  messages: [{ role: 'user', content }],
});

describe("a gateway's sealed state at a vendor", () => {
  it.each([
    {
      path: '/anthropic/v1/messages',
      body: {
        ...messages('hi'),
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', content: [{ type: 'redacted_thinking', data: CAPSULE }] },
        ],
      },
    },
    {
      path: '/openai/v1/responses',
      body: { model: 'gpt-5.4', input: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: CAPSULE }] },
    },
    {
      path: '/gemini/v1/models/gemini-2.5-flash:generateContent',
      body: {
        contents: [
          { role: 'model', parts: [{ text: 'hi', thoughtSignature: Buffer.from(CAPSULE).toString('base64') }] },
        ],
      },
    },
  ])('is refused at $path, and the violation kept for the test', async ({ path, body }) => {
    await fetch(`${simulator.address}/_sim/violations`, { method: 'DELETE' });
    const response = await send(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('sealed state') } });
    expect(await violations()).toEqual([expect.objectContaining({ path })]);
  });

  it('is not seen in prose that mentions it', async () => {
    await fetch(`${simulator.address}/_sim/violations`, { method: 'DELETE' });
    const response = await send('/anthropic/v1/messages', messages('say: our capsules begin with gwc1. and a text'));
    expect([response.status, await violations()]).toEqual([200, []]);
  });
});

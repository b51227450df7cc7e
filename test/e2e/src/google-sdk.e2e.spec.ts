import { GoogleGenAI, type Content, type FunctionCall, type Part } from '@google/genai';
import { GoogleGenAI as GoogleGenAIBefore } from 'google-genai-2';

import { lendDispatcher } from './lend-dispatcher.js';
import { gateway, platform } from './platform.js';

const MODEL = 'gemini-3-1-pro';
const tools = [
  {
    functionDeclarations: [
      {
        name: 'get_weather',
        description: 'Weather of a city',
        parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    ],
  },
];

beforeAll(lendDispatcher);

const options = { apiKey: platform.keys.default, httpOptions: { baseUrl: gateway } };
const extended = { ...options, apiKey: platform.keys.extended };
// The two majors have different classes of the same shape; what is used of them here is the same.
const before = (given: typeof options): GoogleGenAI => new GoogleGenAIBefore(given) as unknown as GoogleGenAI;
const clients = [
  { name: '3.x (/v1)', client: new GoogleGenAI(options), wide: new GoogleGenAI(extended) },
  { name: '2.x (/v1beta)', client: before(options), wide: before(extended) },
];

describe.each(clients)('the Google SDK $name', ({ client, wide }) => {
  it('holds a conversation', async () => {
    const response = await client.models.generateContent({ model: MODEL, contents: 'say: Good morning' });
    expect(response.text).toBe('Good morning');
    expect(response.usageMetadata?.totalTokenCount).toBeGreaterThan(0);
  });

  it('streams the same answer', async () => {
    const whole = await client.models.generateContent({ model: MODEL, contents: 'count to 40' });
    const pieces: string[] = [];
    for await (const chunk of await client.models.generateContentStream({ model: MODEL, contents: 'count to 40' }))
      pieces.push(chunk.text ?? '');
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(whole.text);
  });

  it('replays signatures, which the vendor checks, over three turns of tools', async () => {
    const contents: Content[] = [];
    for (const city of ['Oslo', 'Lima', 'Rome']) {
      contents.push({ role: 'user', parts: [{ text: `call get_weather {"city":"${city}"}` }] });
      const asked = await client.models.generateContent({ model: MODEL, contents, config: { tools } });
      const content = asked.candidates![0]!.content!;
      expect(asked.functionCalls?.[0]?.args).toEqual({ city });
      expect(content.parts!.some((part) => part.thoughtSignature)).toBe(true);
      const { name, id } = asked.functionCalls![0]!;
      const functionResponse = { name: name!, ...(id && { id }), response: { output: `${city}: sun` } };
      contents.push(content, { role: 'user', parts: [{ functionResponse }] });
      const answered = await client.models.generateContent({ model: MODEL, contents, config: { tools } });
      expect(answered.text).toContain(`${city}: sun`);
      contents.push(answered.candidates![0]!.content!);
    }
  });

  it.each([MODEL, 'claude-sonnet-4-6', 'gpt-5-4'])('keeps a chat of streams, tools included, on %s', async (model) => {
    const cities: unknown[] = [];
    const weather = {
      tool: async () => tools[0]!,
      callTool: async (calls: FunctionCall[]): Promise<Part[]> =>
        calls.map(({ id, name, args }) => {
          cities.push(args?.['city']);
          return { functionResponse: { ...(id && { id }), name: name!, response: { output: 'sun' } } };
        }),
    };
    const chat = wide.chats.create({ model, config: { tools: [weather] } });
    const say = async (message: string): Promise<string> => {
      const parts: Part[] = [];
      for await (const chunk of await chat.sendMessageStream({ message }))
        parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      return parts.map(({ text }) => text ?? '').join('');
    };
    const prompt = 'call get_weather {"city":"Oslo"}\nthen\ncall get_weather {"city":"Lima"}\nthen\nsay: done';
    expect(await say(prompt)).toBe('done');
    expect(cities).toEqual(['Oslo', 'Lima']);
    expect(await say('recall')).toContain('assistant: done');
  });

  it('sees implicit caching at work on the second call', async () => {
    const contents = `${Math.random()} ${'Facts. '.repeat(6000)}\nsay: ok`;
    const ask = () => client.models.generateContent({ model: MODEL, contents });
    await ask();
    expect((await ask()).usageMetadata?.cachedContentTokenCount).toBeGreaterThan(0);
  });

  it('counts tokens and lists models in its own shape', async () => {
    expect((await client.models.countTokens({ model: MODEL, contents: 'Hello there' })).totalTokens).toBeGreaterThan(0);
    const names: (string | undefined)[] = [];
    for await (const { name } of await client.models.list()) names.push(name);
    expect(names).toContain(`models/${MODEL}`);
  });

  it.each([
    { name: 'an unknown model', model: 'gemini-nothing', status: 404 },
    { name: 'a model of another family', model: 'claude-sonnet-4-6', status: 404 },
  ])('throws its own typed error on $name', async ({ model, status }) => {
    await expect(client.models.generateContent({ model, contents: 'Hi' })).rejects.toMatchObject({
      name: 'ApiError',
      status,
    });
  });
});

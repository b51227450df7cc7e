import { GoogleGenAI, type Content } from '@google/genai';
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
const clients = [
  { name: '3.x (/v1)', client: new GoogleGenAI(options) },
  // The two majors have different classes of the same shape; what is used of them here is the same.
  { name: '2.x (/v1beta)', client: new GoogleGenAIBefore(options) as unknown as GoogleGenAI },
];

describe.each(clients)('the Google SDK $name', ({ client }) => {
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

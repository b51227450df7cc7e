import { GoogleGenAI as GenAI3 } from '@google/genai';
import type { Content, GenerateContentParameters, GenerateContentResponse } from '@google/genai';
import { GoogleGenAI as GenAI2 } from 'google-genai-2';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { lendDispatcher } from '../testing/lend-dispatcher.js';
import { startSimulator } from '../testing/start-simulator.js';
import { gemini } from './gemini.js';

const WEATHER = {
  name: 'get_weather',
  description: 'Says what the weather is.',
  parametersJsonSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

let simulator: RunningSimulator;
beforeAll(async () => {
  lendDispatcher();
  simulator = await startSimulator([gemini]);
});
afterAll(() => simulator.close());

const partsOf = (response: GenerateContentResponse) => response.candidates?.[0]?.content?.parts ?? [];

describe.each([
  ['@google/genai 3', GenAI3],
  ['@google/genai 2', GenAI2 as unknown as typeof GenAI3],
])('%s on the Gemini wire', (name, GoogleGenAI) => {
  const client = (apiKey = 'sim-gemini') =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${simulator.address}/gemini` } });
  const ask = (request: GenerateContentParameters) => client().models.generateContent(request);
  const stream = async (request: GenerateContentParameters) => {
    const chunks: GenerateContentResponse[] = [];
    for await (const chunk of await client().models.generateContentStream(request)) chunks.push(chunk);
    return chunks;
  };

  it('answers in one piece and as a stream that adds up to the same', async () => {
    const request = { model: 'gemini-3-flash', contents: 'count to 12' };
    const whole = await ask(request);
    expect(whole.text).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12');
    const chunks = await stream(request);
    expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe(whole.text);
    expect(chunks.at(-1)?.usageMetadata).toEqual(whole.usageMetadata);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(chunks.filter((chunk) => chunk.candidates?.[0]?.finishReason !== undefined)).toHaveLength(1);
  });

  it('shows thoughts when asked and counts them apart', async () => {
    const request = {
      model: 'gemini-3-flash',
      contents: 'think: deep\nsay: done',
      config: { thinkingConfig: { includeThoughts: true } },
    };
    const whole = await ask(request);
    expect(partsOf(whole)[0]).toMatchObject({ thought: true, text: 'deep' });
    const usage = whole.usageMetadata!;
    expect(usage.thoughtsTokenCount).toBeGreaterThan(0);
    expect(usage.totalTokenCount).toBe(
      usage.promptTokenCount! + usage.candidatesTokenCount! + usage.thoughtsTokenCount!,
    );
    const chunks = await stream(request);
    expect(partsOf(chunks.at(-1)!).at(-1)).toMatchObject({ text: '', thoughtSignature: expect.any(String) });
  });

  it('carries signatures through a tool loop of three turns and checks them', async () => {
    const contents: Content[] = [
      {
        role: 'user',
        parts: [
          {
            text: 'call: get_weather {"city":"Oslo"}\ncall: get_weather {"city":"Rome"}\nthen\ncall: get_weather {"city":"Bonn"}\nthen\nsay: done',
          },
        ],
      },
    ];
    const request = { model: 'gemini-3-flash', contents, config: { tools: [{ functionDeclarations: [WEATHER] }] } };
    for (const expected of [2, 1]) {
      const answer = await ask(request);
      expect(answer.candidates?.[0]?.finishReason).toBe('STOP');
      const calls = partsOf(answer).filter((part) => part.functionCall);
      expect(calls).toHaveLength(expected);
      expect(calls.map((part) => part.thoughtSignature !== undefined)).toEqual(expected === 2 ? [true, false] : [true]);
      contents.push(answer.candidates![0]!.content!, {
        role: 'user',
        parts: calls.map(({ functionCall }) => ({
          functionResponse: { id: functionCall!.id, name: functionCall!.name, response: { output: 'warm' } },
        })),
      });
    }
    expect((await ask(request)).text).toBe('done');
    const unsigned = structuredClone(contents);
    for (const content of unsigned) for (const part of content.parts ?? []) delete part.thoughtSignature;
    await expect(ask({ ...request, contents: unsigned })).rejects.toThrow(/missing a thought_signature/);
    const corrupted = structuredClone(contents);
    for (const part of corrupted[1]!.parts!) if (part.thoughtSignature) part.thoughtSignature = 'A'.repeat(88);
    await expect(ask({ ...request, contents: corrupted })).rejects.toThrow(/Corrupted thought signature/);
    await expect(
      ask({
        ...request,
        contents: contents.map((content, index) =>
          index === 2 ? { ...content, parts: content.parts!.slice(1) } : content,
        ),
      }),
    ).rejects.toThrow(/number of function response parts/);
  });

  it('remembers long prompts', async () => {
    const request = { model: 'gemini-2.5-flash', contents: `${name} ${'many words '.repeat(2000)}` };
    const cold = await ask(request);
    const warm = await ask(request);
    expect(cold.usageMetadata?.cachedContentTokenCount).toBeUndefined();
    expect(warm.usageMetadata?.cachedContentTokenCount).toBeGreaterThan(1000);
    expect(warm.usageMetadata?.promptTokenCount).toBe(cold.usageMetadata?.promptTokenCount);
  });

  it('grounds an answer in bytes', async () => {
    const answer = await ask({
      model: 'gemini-3-flash',
      contents: 'search: fjörds',
      config: { tools: [{ googleSearch: {} }] },
    });
    const grounding = answer.candidates![0]!.groundingMetadata!;
    const { startIndex = 0, endIndex, text } = grounding.groundingSupports![0]!.segment!;
    expect(Buffer.from(answer.text!).subarray(startIndex, endIndex).toString()).toBe(text);
    expect(grounding.webSearchQueries).toEqual(['fjörds']);
  });

  it('makes what a schema asks for, stops at limits and sees images', async () => {
    const schema = { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] };
    const shaped = await ask({
      model: 'gemini-3-flash',
      contents: 'anything',
      config: { responseMimeType: 'application/json', responseSchema: schema },
    });
    expect(JSON.parse(shaped.text!)).toEqual({ city: expect.any(String) });
    const cut = await ask({
      model: 'gemini-2.5-flash',
      contents: 'count to 100',
      config: { maxOutputTokens: 10, thinkingConfig: { thinkingBudget: 0 } },
    });
    expect(cut.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
    expect(cut.usageMetadata?.candidatesTokenCount).toBe(10);
    const seen = await ask({
      model: 'gemini-3-flash',
      contents: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }, 'see'],
    });
    expect(seen.text).toBe('I see 1: image/png of 3 bytes.');
  });

  it('refuses as the filter does', async () => {
    const filtered = await ask({ model: 'gemini-3-flash', contents: 'refuse' });
    expect(filtered.candidates?.[0]).toMatchObject({ finishReason: 'SAFETY', safetyRatings: [{ blocked: true }] });
    const blocked = await ask({ model: 'gemini-3-flash', contents: 'refuse prompt' });
    expect(blocked.promptFeedback?.blockReason).toBe('PROHIBITED_CONTENT');
  });

  it('lists models and counts tokens', async () => {
    const models = [];
    for await (const model of await client().models.list({ config: { pageSize: 3 } })) models.push(model.name);
    expect(models).toContain('models/gemini-3.8-flash');
    const counted = await client().models.countTokens({ model: 'gemini-3-flash', contents: 'say: hi' });
    const answer = await ask({ model: 'gemini-3-flash', contents: 'say: hi' });
    expect(counted.totalTokens).toBe(answer.usageMetadata?.promptTokenCount);
  });

  it.each([
    ['a bad key', 'nonsense', 'gemini-3-flash', 400, /API key not valid/],
    ['an unknown model', 'sim-a', 'gemini-9', 404, /is not found for API version/],
    ['an injected 429', 'sim-a', 'gemini-3-flash+fault:status=429;retry-after=7', 429, /"retryDelay": ?"7s"/],
    ['an injected 503', 'sim-a', 'gemini-3-flash+fault:status=503', 503, /UNAVAILABLE/],
  ])('answers %s with a typed error', async (_case, key, model, status, message) => {
    const call = client(key).models.generateContent({ model, contents: 'say: hi' });
    await expect(call).rejects.toMatchObject({ status, message: expect.stringMatching(message) });
  });

  it.each([
    ['an error event', 'stream-error=3', /"code":503.*UNAVAILABLE/],
    ['a cut', 'cut=3', /.*/],
    ['a malformed event', 'malformed=2', /.*/],
  ])('throws on %s in a stream', async (_case, fault, message) => {
    await expect(stream({ model: `gemini-3-flash+fault:${fault}`, contents: 'count to 60' })).rejects.toThrow(message);
  });

  it('lacks a finish reason where the terminator is missing', async () => {
    const chunks = await stream({ model: 'gemini-3-flash+fault:no-terminator', contents: 'count to 20' });
    expect(chunks.every((chunk) => chunk.candidates?.[0]?.finishReason === undefined)).toBe(true);
  });
});

describe('the Gemini wire by hand', () => {
  const post = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = { 'x-goog-api-key': 'sim-hand' },
  ) => {
    const response = await fetch(`${simulator.address}/gemini${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  const contents = [{ role: 'user', parts: [{ text: 'count to 9' }] }];

  it('takes snake_case beside camelCase, and a key from the query or as a bearer', async () => {
    const body = { contents, generation_config: { max_output_tokens: 3, thinkingConfig: { thinking_budget: 0 } } };
    const byQuery = await post('/v1/models/gemini-2.5-flash:generateContent?key=sim-q', body, {});
    expect(JSON.parse(byQuery.text).candidates[0].finishReason).toBe('MAX_TOKENS');
    expect(
      (await post('/v1beta/models/gemini-2.5-flash:generateContent', body, { authorization: 'Bearer sim-b' })).status,
    ).toBe(200);
    expect((await post('/v1beta/models/gemini-2.5-flash:generateContent', body, {})).status).toBe(403);
  });

  it('names every unknown field and where it is', async () => {
    const parameters = {
      type: 'object',
      properties: { a: { type: 'string', const: 'x' } },
      additionalProperties: false,
    };
    const { status, text } = await post('/v1/models/gemini-3-flash:generateContent', {
      contents,
      colour: 1,
      tools: [{ functionDeclarations: [{ name: 'f', parameters }] }],
    });
    expect(status).toBe(400);
    const { error } = JSON.parse(text);
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.message).toBe(
      [
        'Invalid JSON payload received. Unknown name "colour": Cannot find field.',
        'Invalid JSON payload received. Unknown name "const" at \'tools[0].function_declarations[0].parameters.properties[a].value\': Cannot find field.',
        'Invalid JSON payload received. Unknown name "additionalProperties" at \'tools[0].function_declarations[0].parameters\': Cannot find field.',
      ].join('\n'),
    );
    expect(error.details[0].fieldViolations).toHaveLength(3);
  });

  it('streams one JSON array without alt=sse, also when it fails midway', async () => {
    const whole = JSON.parse((await post('/v1/models/gemini-3-flash:streamGenerateContent', { contents })).text);
    expect(whole.at(-1).candidates[0].finishReason).toBe('STOP');
    const failed = JSON.parse(
      (await post('/v1/models/gemini-3-flash+fault:stream-error=2:streamGenerateContent', { contents })).text,
    );
    expect(failed.at(-1).error.status).toBe('UNAVAILABLE');
  });

  it('knows moving names on v1beta only', async () => {
    expect((await post('/v1beta/models/gemini-flash-latest:generateContent', { contents })).status).toBe(200);
    expect((await post('/v1/models/gemini-flash-latest:generateContent', { contents })).status).toBe(404);
  });

  it('sends neither event names nor [DONE]', async () => {
    const { text } = await post('/v1/models/gemini-3-flash:streamGenerateContent?alt=sse', { contents });
    const records = text.split('\r\n\r\n').filter((record) => record !== '');
    expect(records.every((record) => record.startsWith('data: {'))).toBe(true);
  });
});

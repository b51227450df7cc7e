import type { GenerateRequest, Part } from '@bytespike/ir';

import { translatable } from '../translation/translatable.js';
import { geminiGenerate } from './index.js';

const wire = translatable(geminiGenerate);

function written(asked: Partial<GenerateRequest>, model = 'gemini-3-flash') {
  const turns = [{ role: 'user', form: 'parts', parts: [{ type: 'text', text: 'Hi' }] }] as const;
  const request = { model, stream: true, system: [], tools: [], turns, ...asked };
  const { wire: body, losses } = wire.writeRequest(request, { vendor: 'google' });
  const { contents, ...fields } = body;
  return { contents, fields, lost: losses.map(({ code, path }) => `${code} ${path}`) };
}

interface Row {
  readonly name: string;
  readonly asked: Partial<GenerateRequest>;
  readonly model?: string;
  readonly fields?: object;
  readonly lost?: readonly string[];
}

const schema = { type: 'object', properties: { a: { type: 'string' } } } as const;
const format = { kind: 'json-schema', schema, name: 'answer' } as const;
const tools = [{ kind: 'function', name: 'f' }] as const;

describe('a field of a request', () => {
  it.each<Row>([
    {
      name: 'sampling',
      asked: {
        sampling: {
          temperature: 1.5,
          topP: 0.5,
          topK: 7,
          seed: 1,
          frequencyPenalty: 0.1,
          presencePenalty: 0.2,
          stop: ['a'],
        },
      },
      fields: {
        generationConfig: {
          ...{ temperature: 1.5, topP: 0.5, topK: 7, seed: 1, frequencyPenalty: 0.1, presencePenalty: 0.2 },
          stopSequences: ['a'],
        },
      },
    },
    { name: 'too hot', asked: { sampling: { temperature: 2.5 } }, lost: ['L60 sampling.temperature'] },
    {
      name: 'more stops than it takes',
      asked: { sampling: { stop: ['1', '2', '3', '4', '5', '6'] } },
      fields: { generationConfig: { stopSequences: ['1', '2', '3', '4', '5'] } },
      lost: ['L61 sampling.stop'],
    },
    {
      name: 'what an answer in the hub has no room for',
      asked: { sampling: { candidates: 2, logprobs: { top: 3 }, logitBias: { 1: 1 } } },
      lost: ['L63 sampling.logitBias', 'L62 sampling.candidates', 'L63 sampling.logprobs'],
    },
    {
      name: 'a limit',
      asked: { limits: { maxOutputTokens: 9, maxToolCalls: 1 } },
      fields: { generationConfig: { maxOutputTokens: 9 } },
      lost: ['L82 limits.maxToolCalls'],
    },
    {
      name: 'nothing to be generated',
      asked: { limits: { maxOutputTokens: 0 } },
      lost: ['L64 limits.maxOutputTokens'],
    },
    {
      name: 'text',
      asked: { format: { kind: 'text' } },
      fields: { generationConfig: { responseMimeType: 'text/plain' } },
    },
    {
      name: 'any JSON',
      asked: { format: { kind: 'json-object' } },
      fields: { generationConfig: { responseMimeType: 'application/json' } },
    },
    {
      name: 'a schema',
      asked: { format },
      fields: { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } },
    },
    {
      name: 'a schema, of a model that knows the OpenAPI subset',
      asked: { format },
      model: 'gemini-2.0-flash',
      fields: {
        generationConfig: {
          responseMimeType: 'application/json',
          responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
        },
      },
    },
    {
      name: 'a promise that cannot be made',
      asked: { format: { ...format, schema: { type: 'string', pattern: '^a$' } } },
      fields: { generationConfig: { responseMimeType: 'application/json' } },
      lost: ['L50 format.schema/pattern'],
    },
    {
      name: 'JSON beside functions, of an earlier model',
      asked: { format, tools },
      model: 'gemini-2.5-flash',
      fields: { tools: [{ functionDeclarations: [{ name: 'f' }] }] },
      lost: ['L50 format'],
    },
    { name: 'a tier', asked: { tier: { want: 'flex' } }, fields: { serviceTier: 'flex' } },
    {
      name: 'a tier that it has not',
      asked: { tier: { want: 'scale', speed: 'fast' } },
      lost: ['L82 tier.speed', 'L82 tier.want'],
    },
    {
      name: 'metadata that are labels, and others',
      asked: { identity: { endUser: 'u', metadata: { team: 'search', Name: 'x', long: 'x'.repeat(64), count: 3 } } },
      fields: { labels: { team: 'search' } },
      lost: ['L82 identity.endUser', 'L82 identity.metadata'],
    },
    {
      name: 'what others keep for their callers',
      asked: {
        state: { store: true, previousResponseId: 'r', background: true },
        caching: { auto: {}, key: 'k' },
        verbosity: 'low',
      },
      lost: [
        'L82 verbosity',
        'L83 caching.auto',
        'L83 caching.key',
        'L80 state.previousResponseId',
        'L80 state.background',
        'L82 state.store',
      ],
    },
    { name: 'state that is declined', asked: { state: { store: false } } },
    {
      name: 'an instruction, without what is no model’s business',
      asked: {
        system: [
          {
            role: 'system',
            slot: 'field',
            form: 'parts',
            parts: [{ type: 'text', text: 'x-billing', attribution: true }],
          },
          {
            role: 'developer',
            slot: 'message',
            form: 'parts',
            parts: [{ type: 'text', text: 'Be brief.', cache: {} }],
          },
        ],
      },
      fields: { systemInstruction: { parts: [{ text: 'Be brief.' }] } },
      lost: ['L86 system.0', 'L83 system.1.cache_control'],
    },
  ])('$name', ({ asked, model, fields = {}, lost = [] }) => {
    const told = written(asked, model);
    expect([told.fields, told.lost]).toEqual([fields, lost]);
  });
});

describe('a part of a request', () => {
  const media = (
    kind: 'image' | 'video',
    source: Extract<Part, { type: 'media' }>['source'],
    more: object = {},
  ): Part => ({
    ...{ type: 'media', kind, source },
    ...more,
  });
  const inline = { type: 'inline', mediaType: 'image/png', base64: 'AAAA' } as const;

  it.each<{ name: string; part: Part; parts: readonly object[]; lost?: readonly string[] }>([
    {
      name: 'inline, with its detail',
      part: media('image', inline, { detail: 'low', name: 'cat.png' }),
      parts: [
        {
          inlineData: { mimeType: 'image/png', data: 'AAAA', displayName: 'cat.png' },
          mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' },
        },
      ],
    },
    {
      name: 'in more detail than there is',
      part: media('image', inline, { detail: 'original' }),
      parts: [
        { inlineData: { mimeType: 'image/png', data: 'AAAA' }, mediaResolution: { level: 'MEDIA_RESOLUTION_HIGH' } },
      ],
      lost: ['L12 turns.0.parts.0.detail'],
    },
    {
      name: 'at an address of anybody',
      part: media('image', { type: 'url', url: 'https://a.example/x.png' }),
      parts: [],
      lost: ['L10 turns.0.parts.0'],
    },
    {
      name: 'at an address of the vendor’s own',
      part: media('video', { type: 'url', url: 'https://youtu.be/x', mediaType: 'video/mp4' }),
      parts: [{ fileData: { fileUri: 'https://youtu.be/x', mimeType: 'video/mp4' } }],
    },
    {
      name: 'a file of its own',
      part: media('image', { type: 'file', protocol: 'gemini-generate', id: 'files/a' }),
      parts: [{ fileData: { fileUri: 'files/a' } }],
    },
    {
      name: 'a file of another',
      part: media('image', { type: 'file', protocol: 'openai-chat', id: 'file-a' }),
      parts: [],
      lost: ['L11 turns.0.parts.0'],
    },
    {
      name: 'a document',
      part: { type: 'document', title: 'T', context: 'C', parts: [{ type: 'text', text: 'Words.' }] },
      parts: [{ text: 'T\nC' }, { text: 'Words.' }],
      lost: ['L13 turns.0.parts.0'],
    },
    {
      name: 'a result of a search',
      part: {
        type: 'search-result',
        title: 'T',
        source: 'https://a.example',
        parts: [{ type: 'text', text: 'Words.' }],
      },
      parts: [{ text: 'T\nhttps://a.example' }, { text: 'Words.' }],
      lost: ['L13 turns.0.parts.0'],
    },
    {
      name: 'what only another wire understands',
      part: { type: 'opaque', protocol: 'openai-chat', data: {} },
      parts: [],
      lost: ['L14 turns.0.parts.0'],
    },
  ])('$name', ({ part, parts, lost = [] }) => {
    const text: Part = { type: 'text', text: 'See.' };
    const told = written({ turns: [{ role: 'user', form: 'parts', parts: [part, text] }] });
    expect([told.contents, told.lost]).toEqual([[{ role: 'user', parts: [...parts, { text: 'See.' }] }], lost]);
  });
});

describe('the name of a field of this wire, which is a word of the client', () => {
  it.each(['__proto__.seen', 'constructor.prototype.seen', 'false.', 'safetySettings.x'])('is no path: %s', (name) => {
    const { fields } = written({ extensions: { 'gemini-generate': { false: false, [name]: 1 } } });
    expect(Object.entries(fields)).toEqual([
      ['false', false],
      [name, 1],
    ]);
    expect(({} as { seen?: unknown }).seen).toBeUndefined();
  });

  it('is no path within its group either', () => {
    const { fields } = written({ extensions: { 'gemini-generate': { 'generationConfig.__proto__.seen': 1 } } });
    expect(fields).toEqual({ generationConfig: { '__proto__.seen': 1 } });
    expect(({} as { seen?: unknown }).seen).toBeUndefined();
  });
});

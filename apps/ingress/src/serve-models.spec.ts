import type { ModelCard } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { runIngress, type IngressUnderTest } from './testing/run-ingress.js';
import { API_KEY, card, MANAGEMENT_KEY } from './testing/samples.js';

const gemini: ModelCard = {
  ...card,
  id: 'gemini-test-3-1',
  displayName: 'Gemini Test 3.1',
  family: 'gemini',
  vendor: 'google',
  protocols: { 'gemini-generate': 'native', 'openai-chat': 'shim', 'anthropic-messages': 'planned' },
  capabilities: ['text', 'vision'],
};
const painter: ModelCard = {
  ...card,
  id: 'painter-1',
  family: 'gpt',
  vendor: 'openai',
  protocols: {},
  surfaces: ['images', 'tasks'],
  capabilities: ['image_generate', 'image_edit'],
  outputModalities: ['image'],
};
const filmer: ModelCard = {
  ...painter,
  id: 'filmer-1',
  surfaces: ['tasks'],
  capabilities: ['video_generate'],
  outputModalities: ['video'],
};
const third: ModelCard = { ...card, id: 'claude-test-5' };

let ingress: IngressUnderTest;
beforeAll(async () => {
  const cards = [card, gemini, third, painter, filmer];
  const readModel = async ({ name }: { readonly name: string }): Promise<{ model: ModelCard }> => {
    const model = cards.find(({ id }) => id === name.replaceAll('.', '-'));
    if (!model) throw new GatewayError('model-not-found', `There is no model "${name}".`);
    return { model };
  };
  ingress = await runIngress({ routing: { listModels: async () => ({ models: cards }), readModel } });
});
afterAll(() => ingress.stop());

const get = (path: string, headers: Record<string, string> = { authorization: `Bearer ${API_KEY}` }) =>
  ingress.send({ path, headers });

const ANTHROPIC = { 'x-api-key': API_KEY, 'anthropic-version': '2026-10-21' };
const GEMINI = { 'x-goog-api-key': API_KEY };

describe('GET /v1/models', () => {
  it.each(['/v1/models', '/models', '/v1/v1/models', '/v1/models/'])('is a list of OpenAI at %s', async (path) => {
    const reply = await get(path);
    expect(reply.headers['x-ratelimit-limit']).toBe('5.00');
    expect(reply.json()).toMatchObject({
      object: 'list',
      data: [
        {
          id: 'claude-test-4-5',
          object: 'model',
          created: 1_700_000_000,
          owned_by: 'anthropic',
          family: 'claude',
          capabilities: ['text', 'tool_use', 'thinking'],
          context_window: 200_000,
          max_output_tokens: 8_192,
          input_modalities: ['text', 'image'],
          output_modalities: ['text'],
          endpoints: ['/v1/messages', '/v1/chat/completions'],
          pricing_url: 'https://bytespike.ai/pricing#claude-test-4-5',
        },
        { id: 'gemini-test-3-1' },
        { id: 'claude-test-5' },
        {
          id: 'painter-1',
          output_modalities: ['image'],
          endpoints: ['/v1/images/generations', '/v1/images/edits', '/v1/tasks/submit'],
        },
        { id: 'filmer-1', endpoints: ['/v1/tasks/submit', '/v1/videos/generations'] },
      ],
    });
  });

  it('is a page of Anthropic to those who say their version, of what they can call', async () => {
    expect((await get('/v1/models?limit=2', ANTHROPIC)).json()).toMatchObject({
      data: [
        {
          type: 'model',
          id: 'claude-test-4-5',
          display_name: 'Claude Test 4.5',
          created_at: '2023-11-14T22:13:20.000Z',
          max_input_tokens: 200_000,
          max_tokens: 8_192,
        },
        { id: 'gemini-test-3-1' },
      ],
      has_more: true,
      first_id: 'claude-test-4-5',
      last_id: 'gemini-test-3-1',
    });
    expect((await get('/v1/models?after_id=gemini-test-3-1', ANTHROPIC)).json()).toMatchObject({
      data: [{ id: 'claude-test-5' }],
      has_more: false,
    });
    expect((await get('/v1/models?before_id=claude-test-5&limit=1', ANTHROPIC)).json()).toMatchObject({
      data: [{ id: 'gemini-test-3-1' }],
      has_more: true,
    });
  });

  it.each([
    { path: '/v1/models', headers: GEMINI },
    { path: '/v1beta/models', headers: ANTHROPIC },
    { path: `/v1/models?key=${API_KEY}`, headers: {} },
  ])('is a page of Gemini at $path', async ({ path, headers }) => {
    expect((await get(path, headers)).json()).toEqual({
      models: [
        {
          name: 'models/gemini-test-3-1',
          baseModelId: 'gemini-test-3-1',
          version: 'gemini-test-3-1',
          displayName: 'Gemini Test 3.1',
          description: expect.any(String),
          inputTokenLimit: 200_000,
          outputTokenLimit: 8_192,
          supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
          thinking: false,
        },
      ],
    });
  });

  it.each([
    { query: 'capability=thinking', ids: ['claude-test-4-5', 'claude-test-5'] },
    { query: 'capability=text&capability=vision', ids: ['gemini-test-3-1'] },
    { query: 'capability=video_generate', ids: ['filmer-1'] },
    { query: 'family=openai', ids: ['painter-1', 'filmer-1'] },
    { query: 'family=google', ids: ['gemini-test-3-1'] },
    { query: 'family=claude', ids: ['claude-test-4-5', 'claude-test-5'] },
    { query: 'family=zhipu', ids: [] },
  ])('is filtered by $query', async ({ query, ids }) => {
    const { data } = (await get(`/v1/models?${query}`)).json() as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    { path: '/v1/models?family=acme', headers: GEMINI },
    { path: '/v1/models?limit=none', headers: ANTHROPIC },
    { path: '/v1/models?after_id=unknown', headers: ANTHROPIC },
    { path: '/v1beta/models?pageToken=unknown', headers: GEMINI },
  ])('refuses $path', async ({ path, headers }) => {
    expect((await get(path, headers)).status).toBe(400);
  });
});

describe('GET /v1/models/{id}', () => {
  it.each([
    { path: '/v1/models/claude-test-4-5', headers: undefined, told: { id: 'claude-test-4-5', object: 'model' } },
    { path: '/v1/models/claude-test-4.5', headers: ANTHROPIC, told: { id: 'claude-test-4-5', type: 'model' } },
    { path: '/v1beta/models/gemini-test-3.1', headers: GEMINI, told: { name: 'models/gemini-test-3-1' } },
    { path: '/v1/models/models/gemini-test-3-1', headers: GEMINI, told: { name: 'models/gemini-test-3-1' } },
  ])('finds $path', async ({ path, headers, told }) => {
    expect((await get(path, headers)).json()).toMatchObject(told);
  });

  it('has none that its dialect could not call', async () => {
    const reply = await get('/v1beta/models/claude-test-4-5', GEMINI);
    expect([reply.status, reply.json()]).toMatchObject([404, { error: { status: 'NOT_FOUND' } }]);
  });

  it.each(['/v1beta/models/gemini-test-3-1:generateContent', '/v1/models/gemini-test-3-1:countTokens'])(
    'takes %s for a call, which is posted',
    async (path) => {
      expect((await get(path, GEMINI)).status).toBe(405);
    },
  );

  it.each([
    { headers: ANTHROPIC, told: { error: { type: 'not_found_error' } } },
    { headers: GEMINI, told: { error: { status: 'NOT_FOUND' } } },
    { headers: undefined, told: { error: { code: 'model_not_found' } } },
  ])('says in the dialect that there is none', async ({ headers, told }) => {
    const reply = await get('/v1/models/no-such-model', headers);
    expect(reply.status).toBe(404);
    expect(reply.json()).toMatchObject(told);
  });
});

describe('GET /api/v1/me/available-models', () => {
  it('says how each model is reached', async () => {
    const { data } = (await get('/api/v1/me/available-models')).json() as { data: object[] };
    expect(data.slice(0, 2)).toEqual([
      {
        id: 'claude-test-4-5',
        family: 'claude',
        protocols: { 'anthropic-messages': 'native', 'openai-chat': 'translated' },
        protocols_aggregate: ['anthropic-messages', 'openai-chat:translated'],
        endpoints: ['/v1/messages', '/v1/chat/completions'],
        capabilities: ['text', 'tool_use', 'thinking'],
        agent: 'eligible',
      },
      expect.objectContaining({
        protocols_aggregate: ['gemini-generate', 'anthropic-messages:planned', 'openai-chat:translated'],
      }),
    ]);
    expect(data[4]).toEqual({
      id: 'filmer-1',
      family: 'gpt',
      protocols: {},
      protocols_aggregate: [],
      endpoints: ['/v1/tasks/submit', '/v1/videos/generations'],
      capabilities: ['video_generate'],
      agent: 'eligible',
    });
  });

  it('needs the key of a group', async () => {
    const reply = await get('/api/v1/me/available-models', { 'x-api-key': MANAGEMENT_KEY });
    expect(reply.status).toBe(403);
    expect(reply.json()).toMatchObject({
      error: { type: 'permission_error', request_id: reply.headers['request-id'] },
    });
  });
});

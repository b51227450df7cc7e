import { ASKING, runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { ROUTES } from './register-routes.js';

let ingress: IngressUnderTest;

describe('addresses', () => {
  beforeAll(async () => {
    ingress = await runIngress();
  });
  afterAll(() => ingress.stop());

  const { headers } = ASKING.chat;
  const post = (path: string, body: string = ASKING.messages.body) => ingress.send({ path, headers, body });

  it.each([
    ['/v1/messages', 'anthropic-messages', 'generate'],
    ['/messages', 'anthropic-messages', 'generate'],
    ['/v1/v1/messages', 'anthropic-messages', 'generate'],
    ['/v1/messages?beta=true', 'anthropic-messages', 'generate'],
    ['/v1/messages/', 'anthropic-messages', 'generate'],
    ['//v1/messages', 'anthropic-messages', 'generate'],
    ['/v1/messages/count_tokens?beta=true', 'anthropic-messages', 'count'],
    ['/v1/v1/messages/count_tokens', 'anthropic-messages', 'count'],
    ['/v1/chat/completions', 'openai-chat', 'generate'],
    ['/chat/completions', 'openai-chat', 'generate'],
    ['/v1/v1/chat/completions', 'openai-chat', 'generate'],
    ['/v1/responses', 'openai-responses', 'generate'],
    ['/responses', 'openai-responses', 'generate'],
    ['/v1/responses/input_tokens', 'openai-responses', 'count'],
    ['/v1beta/models/model-one:generateContent', 'gemini-generate', 'generate'],
    ['/v1beta/models/model-one%3AgenerateContent', 'gemini-generate', 'generate'],
    ['/v1/models/model-one:generateContent', 'gemini-generate', 'generate'],
    ['/models/model-one:generateContent', 'gemini-generate', 'generate'],
    ['/v1beta/v1beta/models/model-one:generateContent', 'gemini-generate', 'generate'],
    ['/v1beta/model-one:generateContent', 'gemini-generate', 'generate'],
    ['/v1beta/models/models/model-one:generateContent', 'gemini-generate', 'generate'],
    ['/v1beta/models/model-one:streamGenerateContent?alt=sse', 'gemini-generate', 'generate'],
    ['/v1beta/models/model-one:countTokens', 'gemini-generate', 'count'],
    ['/v1/models/model-one:countTokens', 'gemini-generate', 'count'],
  ])('%s reaches %s to %s', async (path, protocol, operation) => {
    const reply = await post(path);
    expect(reply.status).toBe(200);
    expect(ingress.heard.planned.at(-1)).toMatchObject({ protocol, operation, model: 'model-one' });
  });

  it('of Gemini say whether it streams, and the body cannot', async () => {
    await post('/v1beta/models/model-one:streamGenerateContent?alt=sse', '{}');
    expect(ingress.heard.generated.at(-1)?.input).toMatchObject({ stream: true, query: 'alt=sse' });
    await post('/v1beta/models/model-one:generateContent', '{"stream":true}');
    expect(ingress.heard.generated.at(-1)?.input.stream).toBe(false);
  });

  it('that can be read can be asked for their head', async () => {
    const reply = await ingress.send({ path: '/v1/models', method: 'HEAD', headers });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-length']).not.toBe('0');
    expect(reply.body).toHaveLength(0);
  });

  it('are all told apart', () => {
    const answered = ROUTES.flatMap(({ method, paths }) => paths.map((path) => `${method} ${path}`));
    expect(new Set(answered).size).toBe(answered.length);
  });
});

import { endpointUrl } from './endpoint-url.js';

describe('endpointUrl', () => {
  it.each([
    ['https://api.openai.com', '/v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com/v1', '/v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com/v1/', '/v1/responses/input_tokens', 'https://api.openai.com/v1/responses/input_tokens'],
    ['https://api.z.ai/api/paas/v4', '/api/paas/v4/chat/completions', 'https://api.z.ai/api/paas/v4/chat/completions'],
    ['http://127.0.0.1:1/deepseek/anthropic', '/v1/messages', 'http://127.0.0.1:1/deepseek/anthropic/v1/messages'],
    ['http://127.0.0.1:1/deepseek', '/chat/completions', 'http://127.0.0.1:1/deepseek/chat/completions'],
    ['https://api.openai.com/v1', '/v1/videos/v_1/content', 'https://api.openai.com/v1/videos/v_1/content'],
    [
      'https://ark.ap-southeast.bytepluses.com/api/v3',
      '/api/v3/contents/generations/tasks?page_num=1',
      'https://ark.ap-southeast.bytepluses.com/api/v3/contents/generations/tasks?page_num=1',
    ],
    [
      'https://g.example/v1beta',
      '/v1beta/files/f:download?alt=media',
      'https://g.example/v1beta/files/f:download?alt=media',
    ],
    ['https://x.example/chat', '/chat', 'https://x.example/chat/chat'],
  ])('joins %s and %s', (address, path, url) => {
    expect(endpointUrl(address, path)).toBe(url);
  });

  it('puts the upstream model where the path wants it, and nothing it could break out of', () => {
    expect(endpointUrl('https://g.example', '/v1beta/models/{model}:countTokens', 'a/../b?c')).toBe(
      'https://g.example/v1beta/models/a%2F..%2Fb%3Fc:countTokens',
    );
  });
});

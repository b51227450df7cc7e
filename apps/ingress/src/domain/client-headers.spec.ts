import { forwardedHeaders } from './client-headers.js';

describe('forwardedHeaders', () => {
  it('takes along what selects behaviour, however long it is, and nothing of the client', () => {
    const betas = Array.from({ length: 400 }, (_, index) => `some-feature-${index}-2026-11-20`).join(',');
    expect(
      forwardedHeaders('anthropic-messages', {
        'anthropic-beta': betas,
        'x-api-key': 'sk-byts-secret',
        'user-agent': 'claude-cli/2',
        'anthropic-workspace-id': 'w',
      }),
    ).toEqual({ 'anthropic-version': '2023-06-01', 'anthropic-beta': betas });
  });

  it('joins a header that came in several lines', () => {
    expect(forwardedHeaders('openai-responses', { 'openai-beta': ['a=v1', 'b=v1'] })).toEqual({
      'openai-beta': 'a=v1,b=v1',
    });
  });
});

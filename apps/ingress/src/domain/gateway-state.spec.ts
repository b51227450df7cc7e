import { assertOurState } from './gateway-state.js';

const nothing = { inThread: false, inBackground: false };

describe('state that only a vendor keeps', () => {
  it('is refused by the name of what asks for it', () => {
    expect(() => assertOurState(nothing, 'openai-responses')).not.toThrow();
    expect(() => assertOurState({ ...nothing, inThread: true }, 'openai-responses')).toThrow(/^conversation: /);
    expect(() => assertOurState({ ...nothing, inBackground: true }, 'openai-responses')).toThrow(/^background: /);
    expect(() => assertOurState({ ...nothing, inThread: true }, 'gemini-generate')).toThrow(/^cachedContent: /);
  });

  it('is refused of a Messages client by the code upon which its tool runner goes on without a thread', () => {
    expect(() => assertOurState({ ...nothing, inThread: true }, 'anthropic-messages')).toThrow(
      expect.objectContaining({
        kind: 'unsupported',
        details: { param: 'thread', code: 'thread_unsupported_request' },
      }),
    );
  });
});

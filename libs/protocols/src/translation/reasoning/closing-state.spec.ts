import type { ProtocolName } from '@bytespike/kernel';

import { between } from '../../testing/pairs.js';
import { openExchange } from '../exchange.js';

const signedText = { text: 'Hello.', thoughtSignature: 'c2lnbmVkIGJ5IGdvb2dsZQ==' };
const call = { functionCall: { id: 'c1', name: 'look', args: {} } };
const bodies = {
  'anthropic-messages': { max_tokens: 50, thinking: { type: 'adaptive' }, messages: [{ role: 'user', content: 'Hi' }] },
  'openai-responses': { input: 'Hi' },
} satisfies Partial<Record<ProtocolName, object>>;

const answered = (client: keyof typeof bodies, parts: readonly object[]) =>
  openExchange(JSON.stringify({ model: 'm', ...bodies[client] }), {
    ...between({ client, target: 'gemini-generate' }),
    stream: false,
  }).answer(JSON.stringify({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }] }));
const types = (items: unknown): readonly string[] => (items as { type: string }[]).map(({ type }) => type);

describe('state that stands behind a text', () => {
  it('is left out where nothing follows and a client prints what stands last, and that is told', () => {
    const { body, losses } = answered('anthropic-messages', [signedText]);
    const { content } = JSON.parse(body) as { content: unknown };
    expect(types(content)).toEqual(['text']);
    expect(losses).toEqual([{ code: 'L40', path: 'parts.1', effect: 'dropped' }]);
  });

  it('is given where a call follows', () => {
    const { body, losses } = answered('anthropic-messages', [signedText, call]);
    const { content } = JSON.parse(body) as { content: unknown };
    expect(types(content)).toEqual(['text', 'redacted_thinking', 'tool_use']);
    expect(losses).toEqual([]);
  });

  it('is given to clients that look for their text', () => {
    const { body, losses } = answered('openai-responses', [signedText]);
    const { output } = JSON.parse(body) as { output: unknown };
    expect(types(output)).toEqual(['message', 'reasoning']);
    expect(losses).toEqual([]);
  });
});

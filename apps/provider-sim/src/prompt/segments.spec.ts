import fc from 'fast-check';
import type { Conversation, Turn } from '../brain/conversation.js';
import { countTokens, tokenize } from '../brain/tokens.js';
import { promptSegments, promptTokens } from './segments.js';

const conversation = (turns: readonly Turn[]): Conversation => ({
  vendor: 'openai',
  model: 'gpt-4o',
  turns,
  tools: [],
  toolChoice: { mode: 'auto' },
  parallelCalls: 'allowed',
  thinking: 'off',
  webSearch: 'absent',
  maxOutputTokens: 100,
  stopSequences: [],
});

const turn = (role: Turn['role'], ...texts: readonly string[]): Turn => ({
  role,
  parts: texts.map((text) => ({ type: 'text', text })),
});

describe('prompt segments', () => {
  it('count a text as the tokenizer would cut it', () => {
    const piece = fc.constantFrom(' ', '\n', 'a', 'é', '😀', '\udc00', '字', 'word');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        (pieces) => countTokens(pieces.join('')) === tokenize(pieces.join('')).length,
      ),
    );
  });

  it('tell apart turns that only look alike when joined', () => {
    const [one, other] = [turn('user', 'a', 'b'), turn('user', 'ab')].map(
      (each) => promptSegments(conversation([each]))[0]?.text,
    );
    expect(one).not.toBe(other);
  });

  it('keep the earlier segments when a conversation goes on', () => {
    const start = [turn('system', 'be kind'), turn('user', 'hello')];
    const longer = promptSegments(conversation([...start, turn('assistant', 'hi'), turn('user', 'bye')]));
    expect(longer.slice(0, 2)).toEqual(promptSegments(conversation(start)));
    expect(promptTokens(conversation(start))).toBe(2 + 2 + 4 + 4);
  });
});

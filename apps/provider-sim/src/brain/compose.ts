import type { Answer } from './answer.js';
import type { Conversation } from './conversation.js';
import { idFrom } from './digest.js';
import { countTokens } from './tokens.js';

/** Decides the answer to a conversation: the same conversation always gets the same one. */
export const compose = (conversation: Conversation): Answer => {
  const last = conversation.turns.findLast((turn) => turn.role === 'user');
  const text = last?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
  return {
    id: idFrom(JSON.stringify(conversation)),
    parts: [{ type: 'text', text, sources: [] }],
    finish: 'end',
    outputTokens: countTokens(text),
    thinkingTokens: 0,
  };
};

import { countTokens } from '../brain/tokens.js';
import type { Conversation, Part, ToolDeclaration, Turn } from '../brain/conversation.js';
import type { Segment } from '../cache/prompt-cache.js';

/** What vendors add around every turn to mark its role. */
const TURN_TOKENS = 4;
const MEDIA_TOKENS = 258;

/** The prompt in the order in which vendors render it: tools, then turn by turn. */
export const promptSegments = (conversation: Conversation): readonly Segment[] => {
  const turns = conversation.turns.map(turnSegment);
  return conversation.tools.length === 0 ? turns : [toolsSegment(conversation.tools), ...turns];
};

const toolsSegment = (tools: readonly ToolDeclaration[]): Segment => {
  const text = JSON.stringify(tools);
  return { text, tokens: countTokens(text) };
};

const turnSegment = (turn: Turn): Segment => ({
  text: `${turn.role}${turn.parts.map(partText).join(SEPARATOR)}`,
  tokens: turn.parts.reduce((sum, part) => sum + partTokens(part), TURN_TOKENS),
});

const SEPARATOR = '\u0000';

/** Names a part for the cache. Texts are taken as they are: they may be long, and escaping them would cost most. */
const partText = (part: Part): string =>
  part.type === 'text' || part.type === 'thinking' ? `${part.type}${SEPARATOR}${part.text}` : JSON.stringify(part);

const partTokens = (part: Part): number => {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return countTokens(part.text);
    case 'media':
      return MEDIA_TOKENS;
    case 'tool-call':
      return countTokens(part.name) + countTokens(JSON.stringify(part.input));
    case 'tool-result':
      return part.parts.reduce(
        (sum, piece) => sum + (piece.type === 'text' ? countTokens(piece.text) : MEDIA_TOKENS),
        1,
      );
  }
};

/** How many tokens the prompt weighs when nothing is to be remembered of it. */
export const promptTokens = (conversation: Conversation): number =>
  promptSegments(conversation).reduce((sum, segment) => sum + segment.tokens, 0);

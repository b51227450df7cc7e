import type { Conversation, MediaPart, Part, ToolResultPart, Turn } from './conversation.js';

/** The end of a conversation as the brain reads it: what was asked, and how far the tools have got since. */
export interface Exchange {
  /** The text of the last user message that is more than tool results. */
  readonly prompt: string;
  /** How many rounds of tool results followed it. */
  readonly round: number;
  readonly results: readonly ToolResultPart[];
  readonly media: readonly MediaPart[];
}

export const textOf = (turn: Turn): string =>
  turn.parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n');

const isResult = (part: Part): part is ToolResultPart => part.type === 'tool-result';
const isMedia = (part: Part): part is MediaPart => part.type === 'media';

/** Finds the prompt that is being worked on. */
export const exchangeOf = ({ turns }: Conversation): Exchange => {
  const start = turns.findLastIndex((turn) => turn.role === 'user' && !turn.parts.some(isResult));
  const since = turns.slice(start + 1);
  const rounds = since.filter((turn, index) => turn.parts.some(isResult) && !since[index - 1]?.parts.some(isResult));
  const lastCall = since.findLastIndex((turn) => turn.role === 'assistant');
  const asked = turns[start];
  return {
    prompt: asked === undefined ? '' : textOf(asked),
    round: rounds.length,
    results: since.slice(lastCall + 1).flatMap((turn) => turn.parts.filter(isResult)),
    media: asked?.parts.filter(isMedia) ?? [],
  };
};

/** The text in which a wire's caller may have put a fault mark: that of the very last user turn, tool results aside. */
export const lastUserText = ({ turns }: Pick<Conversation, 'turns'>): string => {
  const last = turns.at(-1);
  if (last === undefined || last.role === 'assistant') return '';
  const user = turns.findLast((turn) => turn.role === 'user');
  return user === undefined ? '' : textOf(user);
};

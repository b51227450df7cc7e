import type { Answer, AnswerPart, Finish, ToolCall } from './answer.js';
import { countTokens, tokenize } from './tokens.js';

/** What remains of an answer after stop sequences and the token limit have had their say. */
export type Limited = Pick<Answer, 'parts' | 'finish' | 'stopSequence' | 'outputTokens' | 'thinkingTokens'>;

/** Ends the text where the first stop sequence begins, as the vendors do: the sequence itself is not sent. */
export const applyStopSequences = (
  parts: readonly AnswerPart[],
  stopSequences: readonly string[],
): { readonly parts: readonly AnswerPart[]; readonly stopSequence?: string } => {
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'text') continue;
    const hit = stopSequences
      .filter((sequence) => sequence !== '' && part.text.includes(sequence))
      .sort((one, other) => part.text.indexOf(one) - part.text.indexOf(other))[0];
    if (hit === undefined) continue;
    const text = part.text.slice(0, part.text.indexOf(hit));
    const kept = text === '' ? [] : [{ ...part, text }];
    return { parts: [...parts.slice(0, index), ...kept], stopSequence: hit };
  }
  return { parts };
};

const callTokens = (call: ToolCall): number => countTokens(call.name) + countTokens(call.inputText);

/** Stops generating exactly at the limit, in the middle of a word or of a call's arguments if need be. */
export const applyTokenLimit = (parts: readonly AnswerPart[], finish: Finish, tokensMax: number): Limited => {
  const kept: AnswerPart[] = [];
  let left = tokensMax;
  let thinkingTokens = 0;
  for (const part of parts) {
    const [cut, used] = cutPart(part, left);
    left -= used;
    if (cut !== undefined) kept.push(cut);
    if (cut?.type === 'thinking') thinkingTokens += cut.tokens;
    if (cut !== part) return { parts: kept, finish: 'length', outputTokens: tokensMax - left, thinkingTokens };
  }
  return { parts: kept, finish, outputTokens: tokensMax - left, thinkingTokens };
};

const cutPart = (part: AnswerPart, left: number): readonly [AnswerPart | undefined, number] => {
  switch (part.type) {
    case 'search': {
      const used = countTokens(part.query);
      return used <= left ? [part, used] : [undefined, 0];
    }
    case 'tool-call': {
      const used = callTokens(part);
      if (used <= left) return [part, used];
      const room = left - countTokens(part.name);
      return room <= 0 ? [undefined, left] : [{ ...part, inputText: cutText(part.inputText, room) }, left];
    }
    case 'thinking': {
      if (part.tokens <= left) return [part, part.tokens];
      return left === 0 ? [undefined, 0] : [{ ...part, text: cutText(part.text, left), tokens: left }, left];
    }
    case 'text': {
      const used = countTokens(part.text);
      if (used <= left) return [part, used];
      return left === 0 ? [undefined, 0] : [{ ...part, text: cutText(part.text, left) }, left];
    }
  }
};

const cutText = (text: string, tokens: number): string => tokenize(text).slice(0, tokens).join('');

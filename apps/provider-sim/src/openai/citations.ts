import type { Source, TextPart } from '../brain/answer.js';

/** OpenAI counts characters, which are code points in the language its servers speak. */
const codePoints = (text: string): number => {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
};

export interface Citation {
  readonly start_index: number;
  readonly end_index: number;
  readonly source: Source;
}

/** Where in the joined text each source was used: all of the part that was drawn from it. */
export const citationsOf = (texts: readonly TextPart[]): readonly Citation[] => {
  let start = 0;
  return texts.flatMap((part) => {
    const range = { start_index: start, end_index: start + codePoints(part.text) };
    start = range.end_index;
    return part.sources.map((source) => ({ ...range, source }));
  });
};

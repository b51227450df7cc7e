/**
 * How many tokens a text weighs, without anybody's vocabulary. What vocabularies have in common: about four letters of
 * an alphabet to a token, a word's end rounding up; about two Chinese, Japanese or Korean characters to a token
 * (DeepSeek, Moonshot, Zhipu and ByteDance say 0.5 to 0.6 tokens each); indentation is cheap, and not free.
 */
const TOKENS_PER = { letter: 0.25, wide: 0.53, blank: 0.2, word: 0.37 } as const;

const FIRST_WIDE = 0x2e80;

/** Ideographs, kana, hangul and their full-width company, surrogate pairs (emoji, rare ideographs) included. */
const isWide = (unit: number): boolean => unit >= FIRST_WIDE && !(unit >= 0xe000 && unit < 0xf900);

const isBlank = (unit: number): boolean => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);

/** Tokens of one text, as a fraction: rounding each of many small texts would add up. */
export function textTokens(text: string): number {
  let letters = 0;
  let wides = 0;
  let blanks = 0;
  let words = 0;
  let before: 'blank' | 'letter' | 'wide' = 'blank';
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (isBlank(unit)) {
      // The first blank belongs to the word behind it.
      if (before === 'blank') blanks += 1;
      before = 'blank';
    } else if (isWide(unit)) {
      wides += 1;
      before = 'wide';
    } else {
      letters += 1;
      if (before !== 'letter') words += 1;
      before = 'letter';
    }
  }
  return letters * TOKENS_PER.letter + wides * TOKENS_PER.wide + blanks * TOKENS_PER.blank + words * TOKENS_PER.word;
}

const TOKEN_UNITS_MAX = 4;

/**
 * The end of the token that begins at `start`: leading blanks, then up to four units, never splitting a surrogate pair.
 * Vocabularies hold about two ideographs, kana or syllables of hangul to a token, so each of those takes two units.
 */
const tokenEnd = (text: string, start: number): number => {
  let end = start;
  while (end < text.length && isBlank(text.charCodeAt(end)) && end - start < TOKEN_UNITS_MAX) end += 1;
  let units = 0;
  while (end < text.length && !isBlank(text.charCodeAt(end))) {
    units += unitsOf(text.charCodeAt(end));
    if (units > TOKEN_UNITS_MAX) break;
    end += 1;
  }
  return isLowSurrogate(text.charCodeAt(end)) ? end + 1 : end;
};

const isBlank = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13);
const FIRST_WIDE = 0x2e80;
const unitsOf = (unit: number): number => (unit < FIRST_WIDE ? 1 : 2);
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Cuts a text into tokens that add up to it again: the one tokenizer behind usage, stream deltas and output limits. */
export const tokenize = (text: string): readonly string[] => {
  const tokens: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = tokenEnd(text, start);
    tokens.push(text.slice(start, end));
    start = end;
  }
  return tokens;
};

/**
 * How many tokens {@link tokenize} would give, in one pass and without making them: prompts of hundreds of kilobytes
 * are counted on every request, and this is most of what such a request costs.
 */
export const countTokens = (text: string): number => {
  let count = 0;
  let blanks = TOKEN_UNITS_MAX;
  let units = TOKEN_UNITS_MAX;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const weight = unitsOf(unit);
    const opens = isBlank(unit) ? units > 0 || blanks === TOKEN_UNITS_MAX : units + weight > TOKEN_UNITS_MAX;
    if (!opens) {
      if (isBlank(unit)) blanks += 1;
      else units += weight;
    } else if (units <= TOKEN_UNITS_MAX && count > 0 && isLowSurrogate(unit)) {
      // The second half of a pair goes with the first, and the token is full.
      units = TOKEN_UNITS_MAX + 1;
    } else {
      count += 1;
      blanks = isBlank(unit) ? 1 : 0;
      units = isBlank(unit) ? 0 : weight;
    }
  }
  return count;
};

const WORDS = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heath',
  'inlet',
  'jetty',
  'knoll',
  'larch',
  'maple',
  'north',
  'ocean',
  'pearl',
] as const;

/** A text of so many words, always the same. */
export const words = (number: number): string =>
  Array.from({ length: number }, (_, index) => WORDS[index % WORDS.length]).join(' ');

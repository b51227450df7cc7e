import type { GarbledUsage } from './fault-plan.js';

const COUNTS =
  /"(input_tokens|output_tokens|prompt_tokens|completion_tokens|total_tokens|promptTokenCount|candidatesTokenCount|totalTokenCount)":\s*\d+/g;
const PARTS =
  /"(cached_tokens|prompt_cache_hit_tokens|cachedContentTokenCount|ephemeral_5m_input_tokens|cache_read_input_tokens)":\s*\d+/g;
const TOTALS = /"(total_tokens|totalTokenCount)":\s*\d+/g;
const THOUGHTS = /"(reasoning_tokens|thinking_tokens|thoughtsTokenCount)":\s*\d+/g;

/** Where a wire tells what came from its cache, if anything did. */
const CACHED_BESIDE = {
  prompt_tokens: '"cached_tokens":999999',
  promptTokenCount: '"cachedContentTokenCount":999999',
} as const;

/** Where a wire puts thoughts that an answer without any does not mention. */
const THOUGHTS_BESIDE = {
  output_tokens: '"output_tokens_details":{"thinking_tokens":999999}',
  completion_tokens: '"completion_tokens_details":{"reasoning_tokens":999999}',
  candidatesTokenCount: '"thoughtsTokenCount":999999',
} as const;

/** Makes a part larger than any whole; one that is not told is put in beside what it is a part of. */
const exceed = (part: RegExp, put: Readonly<Record<string, string>>) => (text: string) => {
  const told = text.replace(part, '"$1":999999');
  if (told !== text) return told;
  return Object.entries(put).reduce(
    (spoilt, [whole, beside]) => spoilt.replace(new RegExp(`"${whole}":\\s*\\d+`, 'g'), `$&,${beside}`),
    text,
  );
};

/** Spoils the counts in a frame or body, whatever the dialect: the keys tell them apart from other numbers. */
const SPOILERS = {
  negative: (text) => text.replace(COUNTS, '"$1":-7'),
  fractional: (text) => text.replace(COUNTS, '"$1":3.5'),
  text: (text) => text.replace(COUNTS, '"$1":"many"'),
  huge: (text) => text.replace(COUNTS, '"$1":9007199254740993'),
  zero: (text) => text.replace(COUNTS, '"$1":0').replace(PARTS, '"$1":0').replace(THOUGHTS, '"$1":0'),
  /** More from the cache than was sent. */
  inconsistent: exceed(PARTS, CACHED_BESIDE),
  /** More thought than put out. */
  reasoning: exceed(THOUGHTS, THOUGHTS_BESIDE),
  /** Parts that are more than their total, where the wire has one. */
  total: (text) => text.replace(TOTALS, '"$1":1'),
  missing: (text) => text.replace(/"(usage|usageMetadata)":/g, '"no_$1":'),
} as const satisfies Record<GarbledUsage, (text: string) => string>;

export const garbleUsage = (text: string, how: GarbledUsage): string => SPOILERS[how](text);

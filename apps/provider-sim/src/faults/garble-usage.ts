import type { GarbledUsage } from './fault-plan.js';

const COUNTS =
  /"(input_tokens|output_tokens|prompt_tokens|completion_tokens|total_tokens|promptTokenCount|candidatesTokenCount|totalTokenCount)":\s*\d+/g;
const PARTS =
  /"(cached_tokens|prompt_cache_hit_tokens|cachedContentTokenCount|ephemeral_5m_input_tokens|cache_read_input_tokens)":\s*\d+/g;

/** Spoils the counts in a frame or body, whatever the dialect: the keys tell them apart from other numbers. */
export const garbleUsage = (text: string, how: GarbledUsage): string => {
  switch (how) {
    case 'negative':
      return text.replace(COUNTS, '"$1":-7');
    case 'huge':
      return text.replace(COUNTS, '"$1":9007199254740993');
    case 'inconsistent':
      return text.replace(PARTS, '"$1":999999');
    case 'missing':
      return text.replace(/"(usage|usageMetadata)":/g, '"no_$1":');
  }
};

import type { LossCode } from '@bytespike/ir';

/** What this wire's owner alone understands; a field without a row is `L87`. */
export const FOREIGN_FIELDS: Readonly<Record<string, LossCode>> = {
  prediction: 'L80',
  modalities: 'L80',
  audio: 'L80',
  moderation: 'L80',
  prompt_cache_options: 'L83',
  prompt_cache_retention: 'L83',
};

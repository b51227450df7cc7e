import type { LossCode } from '@bytespike/ir';

/** What becomes of this wire's own fields where nobody reads them; a field without a row is `L87`. */
export const FOREIGN_FIELDS = {
  prompt: 'L80',
  moderation: 'L80',
  access_programs: 'L80',
  tool_choice: 'L25',
  context_management: 'L84',
  client_metadata: 'L82',
  prompt_cache_options: 'L83',
  prompt_cache_retention: 'L83',
} as const satisfies Readonly<Record<string, LossCode>>;

import type { LossCode } from '@bytespike/ir';

/** What this wire's own fields are called where nobody else has them; a field without a row is `L87`. */
export const FOREIGN_FIELDS: Readonly<Record<string, LossCode>> = {
  context_management: 'L84',
  container: 'L80',
  mcp_servers: 'L80',
  fallbacks: 'L80',
  fallback_credit_token: 'L80',
  thread: 'L80',
  compaction: 'L80',
};

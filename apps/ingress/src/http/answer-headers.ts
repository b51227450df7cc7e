import type { Plan, StreamHead } from '@bytespike/contracts';

import { headerText, type FlatHeaders } from '../domain/accounting-headers.js';

/** Never a vendor's word: ours, the connection's, or about our account at the vendor. */
const WITHHELD =
  /^(?:content-(?:type|length|encoding)|transfer-encoding|connection|keep-alive|upgrade|trailer|date|server|set-cookie|(?:x-)?request-id|retry-after|x-should-retry|.*ratelimit.*)$/;

/** What the head of a target's answer adds to ours: content type, alias, losses, and the vendor's permitted headers. */
export function contentHeaders(
  head: StreamHead,
  plan: Pick<Plan, 'alias' | 'model'>,
  warningsBefore: readonly string[] = [],
): FlatHeaders {
  const headers = ['content-type', head.contentType];
  const served = head.servedBy === '' ? plan.model : head.servedBy;
  const asked = plan.alias ?? plan.model;
  if (asked !== served) headers.push('X-Model-Alias', headerText(`${asked} -> ${served}`));
  if (warningsBefore.length + head.warnings.length > 0)
    headers.push('x-gateway-warnings', headerText([...warningsBefore, ...head.warnings].join(', ')));
  for (const [name, value] of Object.entries(head.headers))
    if (!WITHHELD.test(name)) headers.push(name, headerText(value));
  return headers;
}

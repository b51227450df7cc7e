import type { ProtocolName } from '@bytespike/kernel';

import { PROTOCOL_OWNERS } from '../owners.js';

/** Where a request would go. */
interface Destination {
  readonly protocol: ProtocolName;
  readonly vendor: string;
}

/**
 * Whether a vendor that is asked for no output at all makes none. Only the owner of the Messages wire promises that, to
 * fill its cache (protocols 1.1). Others are sent no limit then (L64), or a word that nobody vouches for, and may run to
 * the limit of the model.
 */
export const keepsZeroOutput = ({ protocol, vendor }: Destination): boolean =>
  protocol === 'anthropic-messages' && vendor === PROTOCOL_OWNERS[protocol];

import type { Target } from '@bytespike/contracts';
import { rawLaneAllows } from '@bytespike/protocols';

import type { GenerationCall } from '../generation-call.js';

/**
 * The target as this body reaches it. The router plans by model and wire and knows no bodies: a look-alike whose profile
 * would change something of this one is asked by way of the translator. Whoever owns the wire is sent any bytes.
 */
export function withLaneOf(target: Target, { body, peeked, protocol, operation }: LaneFacts): Target {
  if (target.lane === 'ir' || operation === 'count') return target;
  const { vendor, upstreamModel } = target;
  const { buffer, byteOffset, length } = body;
  const holds = (text: string): boolean => Buffer.from(buffer, byteOffset, length).includes(text, 0, 'latin1');
  const allowed = rawLaneAllows({ ...peeked, protocol, vendor, upstreamModel, holds });
  return allowed ? target : { ...target, lane: 'ir' };
}

type LaneFacts = Pick<GenerationCall, 'body' | 'peeked' | 'protocol' | 'operation'>;

import type { Target } from '@bytespike/contracts';
import { rawLaneAllows } from '@bytespike/protocols';

import type { GenerationCall } from '../generation-call.js';
import { asBuffer } from './as-buffer.js';

/**
 * The target as this body reaches it. The router plans by model and wire and knows no bodies: a look-alike whose profile
 * would change something of this one is asked by way of the translator, and so is the owner of a wire for bytes that it
 * would refuse.
 */
export function withLaneOf(target: Target, { body, peeked, protocol, operation }: LaneFacts): Target {
  if (target.lane === 'ir' || operation === 'count') return target;
  const { vendor, upstreamModel } = target;
  const { fields, thinking } = peeked;
  const bytes = asBuffer(body);
  const count = (text: string): number => countIn(bytes, text);
  const allowed = rawLaneAllows({ fields, thinking, protocol, vendor, upstreamModel, count });
  return allowed ? target : { ...target, lane: 'ir' };
}

/** By the engine's own search, which reads a large body several times faster than a loop. */
function countIn(bytes: Buffer, text: string): number {
  let found = 0;
  for (let at = bytes.indexOf(text, 0, 'latin1'); at >= 0; at = bytes.indexOf(text, at + 1, 'latin1')) found += 1;
  return found;
}

type LaneFacts = Pick<GenerationCall, 'body' | 'peeked' | 'protocol' | 'operation'>;

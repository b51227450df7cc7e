import type { JsonObject } from '@bytespike/kernel';
import type { Capsule, ReasoningPart } from '@bytespike/ir';

import type { MessagesCompatibility } from '../compatibility/messages.js';

const protocol = 'anthropic-messages' as const;

/**
 * What look-alikes put where the owner of this wire signs: nothing, or a digest nobody checks. The signatures of the
 * owner are long. A client that talked to both cannot tell them apart, and neither may be sent to the other (2.6).
 */
const PLACEHOLDER = /^[0-9a-f-]{0,64}$/i;
const SIGNATURE = /^[A-Za-z0-9+/=_-]{80,}$/;

interface Reader {
  readonly vendor: string;
  readonly to: MessagesCompatibility;
}

type ThinkingBlock =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string; signature?: never };

/** Earlier thinking, for the vendor it came from; nothing where it is another's. */
export function thinkingFromIr(part: ReasoningPart, reader: Reader): ThinkingBlock | undefined {
  const thinking = part.segments.join('\n\n');
  if (reader.to.replay === 'signed') {
    const capsule = part.capsules?.find((one) => isSignedFor(one, reader.vendor));
    if (!capsule) return undefined;
    if (capsule.kind === 'redacted') return { type: 'redacted_thinking', data: capsule.data };
    return { type: 'thinking', thinking, signature: capsule.data };
  }
  if (part.visibility === 'redacted') return undefined;
  const capsules = part.capsules ?? [];
  const unsigned = capsules.length === 0 && part.raw?.protocol === protocol;
  const capsule = capsules.find((one) => isPlainFor(one, reader.vendor));
  if (!capsule && !unsigned) return undefined;
  return { type: 'thinking', thinking, signature: capsule?.kind === 'signature' ? capsule.data : '' };
}

const isSignedFor = ({ origin, kind, data }: Capsule, vendor: string): boolean => {
  if (origin.protocol !== protocol || (kind !== 'signature' && kind !== 'redacted')) return false;
  return origin.vendor === undefined ? !PLACEHOLDER.test(data) : origin.vendor === vendor;
};

const isPlainFor = ({ origin, kind, data }: Capsule, vendor: string): boolean => {
  if (kind === 'plain-reasoning') return origin.vendor === undefined || origin.vendor === vendor;
  if (origin.protocol !== protocol || kind !== 'signature') return false;
  return origin.vendor === undefined ? !SIGNATURE.test(data) : origin.vendor === vendor;
};

/** A block of thinking as the vendor takes it back: a cache mark on it is refused (T34). */
export function cleanThinking(block: JsonObject): JsonObject {
  if (!('cache_control' in block)) return block;
  const { cache_control: _mark, ...rest } = block;
  return rest;
}

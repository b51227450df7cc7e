import { isJsonObject, tryParseJson, type ProtocolName } from '@bytespike/kernel';

/** What every envelope of a failure has, and what one wire's has besides. */
const COMMON = 'error';
const BESIDES: Partial<Readonly<Record<ProtocolName, readonly [member: string, value: string]>>> = {
  'anthropic-messages': ['type', 'error'],
};

/**
 * Whether a vendor's error body is in the envelope of another wire, which clients of this one cannot read: look-alikes
 * have been seen to answer so (T82). A body that is no envelope at all is nobody's.
 */
export function isInForeignEnvelope(protocol: ProtocolName, body: string): boolean {
  const root = tryParseJson(body);
  const besides = BESIDES[protocol];
  return isJsonObject(root) && root[COMMON] !== undefined && besides !== undefined && root[besides[0]] !== besides[1];
}

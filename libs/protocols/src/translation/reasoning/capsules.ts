import { isJsonObject, PROTOCOL_NAMES, tryParseJson } from '@bytespike/kernel';
import type { Capsule, CapsuleKind } from '@bytespike/ir';

import { decodeBase64Url, encodeBase64Url } from '../../base64url.js';
import { CAPSULE_PREFIX } from '../../capsule-marks.js';

/**
 * Signs what the gateway hands to clients for safe-keeping, so that it takes back only what it gave. It is made for one
 * account: what another was given is foreign.
 */
export interface CapsuleSigner {
  sign(payload: string): string;
}

/** A capsule, and the channel whose vendor account alone can read it. */
export interface HeldCapsule {
  readonly capsule: Capsule;
  readonly channel?: string;
}

const KINDS = [
  'signature',
  'redacted',
  'encrypted-content',
  'thought-signature',
  'text-signature',
  'plain-reasoning',
  'phase',
] as const satisfies readonly CapsuleKind[];

/** `gwc1.<payload>.<mac>`: a capsule as it travels in the client's own opaque slot. */
export function sealCapsule({ capsule, channel }: HeldCapsule, signer: CapsuleSigner): string {
  const { origin, kind, data, itemId } = capsule;
  const { protocol, vendor } = origin;
  // What is undefined is left out.
  const payload = encodeBase64Url(JSON.stringify({ protocol, vendor, channel, kind, data, itemId }));
  return `${CAPSULE_PREFIX}${payload}.${signer.sign(payload)}`;
}

/** What a sealed capsule holds, or `undefined` where it is none that this account was given. */
export function openCapsule(sealed: string, signer: CapsuleSigner): HeldCapsule | undefined {
  const [payload = '', mac, ...more] = sealed.slice(CAPSULE_PREFIX.length).split('.');
  if (!sealed.startsWith(CAPSULE_PREFIX) || more.length > 0 || mac !== signer.sign(payload)) return undefined;
  const content = tryParseJson(decodeBase64Url(payload) ?? '');
  if (!isJsonObject(content)) return undefined;
  const { vendor, channel, data, itemId } = content;
  const protocol = PROTOCOL_NAMES.find((name) => name === content['protocol']);
  const kind = KINDS.find((name) => name === content['kind']);
  if (!protocol || !kind || typeof data !== 'string') return undefined;
  const origin = { protocol, ...(typeof vendor === 'string' && { vendor }) };
  return {
    capsule: { origin, kind, data, ...(typeof itemId === 'string' && { itemId }) },
    ...(typeof channel === 'string' && { channel }),
  };
}

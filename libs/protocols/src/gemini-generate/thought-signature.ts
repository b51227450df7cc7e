import type { Capsule } from '@bytespike/ir';

import { decodeBase64Url, encodeBase64Url } from '../base64url.js';
import { CAPSULE_PREFIX } from '../capsule-marks.js';

const protocol = 'gemini-generate' as const;

/** The documented word for a call that never had a signature: the vendor skips its check (protocols 2.6). */
export const BYPASS = 'skip_thought_signature_validator';
const BYPASSES: readonly string[] = [BYPASS, 'context_engineering_is_the_way_to_go'];

const urlSafe = (base64: string): string => base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** Base64 in its plain alphabet with padding, from either alphabet: this wire takes both, others do not. */
export function plainBase64(base64: string): string {
  const letters = base64.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  return letters + '='.repeat((4 - (letters.length % 4)) % 4);
}

/** The text that base64 in either alphabet holds, or `undefined` where it holds none. */
export const textOfBase64 = (base64: string): string | undefined => decodeBase64Url(urlSafe(base64));

/**
 * The state in a part's signature, or none where a word stands for one. The field holds bytes, so what the gateway
 * sealed travels in it as base64.
 */
export function readSignature(
  signature: string | undefined,
  kind: 'thought-signature' | 'text-signature',
): Capsule | undefined {
  if (signature === undefined || signature === '' || BYPASSES.includes(signature)) return undefined;
  const text = signature.startsWith(SEALED_START) ? textOfBase64(signature) : undefined;
  const sealed = text?.startsWith(CAPSULE_PREFIX) ? text : undefined;
  return { origin: { protocol }, kind, data: sealed ?? signature };
}

/** How the prefix of a sealed capsule begins in base64; its last letter depends on what follows it. */
const SEALED_START = encodeBase64Url(CAPSULE_PREFIX).slice(0, -1);

/** A capsule's data as the value of `thoughtSignature`. */
export const writeSignature = (data: string): string => (isSealed(data) ? plainBase64(encodeBase64Url(data)) : data);

export const isSealed = (data: string): boolean => data.startsWith(CAPSULE_PREFIX);

/** What a thought that was shown is known by on its way back: its text is all there is to it. */
export const SHOWN_THOUGHT: Capsule = { origin: { protocol }, kind: 'plain-reasoning', data: '' };

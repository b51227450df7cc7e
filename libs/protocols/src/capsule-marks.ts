import { encodeBase64Url } from './base64url.js';

/** How every opaque capsule of ours begins, wherever a client carries it. */
export const CAPSULE_PREFIX = 'gwc1.';

/** How a capsule begins in base64, the form in which wires with fields of bytes carry it: `gwc1.` and then JSON. */
export const CAPSULE_PREFIX_BASE64 = encodeBase64Url(`${CAPSULE_PREFIX}${encodeBase64Url('{"p')}`);

/** A body with either of these holds state that only the gateway can read, and that no vendor may see. */
export const CAPSULE_MARKS: readonly string[] = [CAPSULE_PREFIX, CAPSULE_PREFIX_BASE64];

import { GatewayError } from '@bytespike/kernel';
import { digestKey, MANAGEMENT_KEY_PREFIX, maskKey, OPERATOR_TOKEN_PREFIX } from '@bytespike/secrets';

/** What carriers tell by their beginning: a key of a customer that began so could never be used for inference. */
const RESERVED_PREFIXES = [MANAGEMENT_KEY_PREFIX, OPERATOR_TOKEN_PREFIX];

/** Any carrier must take the secret as it stands: a header holds printable ASCII, and a blank ends a Bearer token. */
const CARRIABLE = /^[\x21-\x7e]+$/;

/** Refuses a secret of the caller's own that no request could be made with. */
export function assertCustomKey(secret: string): void {
  if (!CARRIABLE.test(secret))
    throw new GatewayError('invalid-request', 'custom_key: must be printable ASCII without blanks');
  const reserved = RESERVED_PREFIXES.find((prefix) => secret.startsWith(prefix));
  if (reserved !== undefined)
    throw new GatewayError('invalid-request', `custom_key: must not begin with ${reserved}, which names other keys`);
}

/** A secret with what is kept of it. The secret itself is shown once and forgotten. */
export interface NewSecret {
  readonly secret: string;
  readonly digest: string;
  readonly hint: string;
}

/** 256 bits of entropy, as a caller of ours gives them, or the caller's own secret. */
export const secretFrom = (secret: string, pepper: string): NewSecret => ({
  secret,
  digest: digestKey(secret, pepper),
  hint: maskKey(secret),
});

export const generatedSecret = (prefix: string, entropy: Buffer, pepper: string): NewSecret =>
  secretFrom(`${prefix}${entropy.toString('base64url')}`, pepper);

import { digestKey, maskKey } from '@bytespike/secrets';

export const INFERENCE_PREFIX = 'sk-byts-';
export const MANAGEMENT_PREFIX = 'sk-mgmt-byts-';

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

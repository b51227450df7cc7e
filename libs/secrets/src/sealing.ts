import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Reads the platform's sealing key. Throws when it is not 32 bytes of base64. */
export function readSealingKey(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`the sealing key must be ${KEY_BYTES} bytes of base64`);
  return key;
}

/**
 * A key of 32 bytes for one purpose or one owner: what is made with it tells nothing of the key it comes from. It is a
 * key object because Node takes five times as long to make one of bytes at every use as a digest takes.
 */
export const deriveKey = (from: string | KeyObject, purpose: string): KeyObject =>
  createSecretKey(createHmac('sha256', from).update(purpose).digest());

/** Encrypts bytes for rest: `nonce || ciphertext || tag`. `owner` binds them to their row. */
export function sealBytes(bytes: Uint8Array, owner: string, key: Buffer | KeyObject): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(owner));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `sealBytes` made. Throws when the key, the owner or a byte differs. */
export function unsealBytes(sealed: Uint8Array, owner: string, key: Buffer | KeyObject): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('a sealed secret is too short');
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const ciphertext = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/** Encrypts a secret for rest, as base64 of what `sealBytes` makes. */
export const seal = (secret: string, owner: string, key: Buffer): string =>
  sealBytes(Buffer.from(secret), owner, key).toString('base64');

/** Opens what `seal` made. Throws as `unsealBytes` does. */
export const unseal = (sealed: string, owner: string, key: Buffer): string =>
  unsealBytes(Buffer.from(sealed, 'base64'), owner, key).toString('utf8');

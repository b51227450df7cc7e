import { createHmac, timingSafeEqual } from 'node:crypto';
import { digest } from '../brain/digest.js';

/** What a piece of thinking is bound to. */
export interface Binding {
  readonly vendor: string;
  readonly model: string;
  /** Names everything that came before the turn in which it was thought. */
  readonly prefix: string;
}

/** `forged` covers text that was changed as well as a seal that was never ours. */
export type SealVerdict = 'valid' | 'forged' | 'foreign-model' | 'foreign-prefix';

const MAGIC = Buffer.from('S1');
const HASH_BYTES = 16;
const MAC_BYTES = 32;
const HEAD_BYTES = MAGIC.length + 2 * HASH_BYTES;

const shortHash = (text: string): Buffer => Buffer.from(digest(text), 'hex').subarray(0, HASH_BYTES);

const macOf = (vendor: string, head: Buffer, text: string): Buffer =>
  createHmac('sha256', `provider-sim ${vendor}`).update(head).update(text).digest();

/** Signs thinking the way a vendor does: the caller can carry the seal but neither read nor make one. */
export const sealThinking = (text: string, { vendor, model, prefix }: Binding): string => {
  const head = Buffer.concat([MAGIC, shortHash(model), shortHash(prefix)]);
  return Buffer.concat([head, macOf(vendor, head, text)]).toString('base64');
};

/** Checks thinking that came back against what it was bound to. */
export const checkSeal = (text: string, seal: string, { vendor, model, prefix }: Binding): SealVerdict => {
  const bytes = Buffer.from(seal, 'base64');
  if (bytes.length !== HEAD_BYTES + MAC_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 'forged';
  const head = bytes.subarray(0, HEAD_BYTES);
  if (!timingSafeEqual(bytes.subarray(HEAD_BYTES), macOf(vendor, head, text))) return 'forged';
  if (!head.subarray(MAGIC.length, MAGIC.length + HASH_BYTES).equals(shortHash(model))) return 'foreign-model';
  return head.subarray(MAGIC.length + HASH_BYTES).equals(shortHash(prefix)) ? 'valid' : 'foreign-prefix';
};

/** Thinking nobody may read: seal and text together in one opaque string. */
export const redactThinking = (text: string, binding: Binding): string =>
  `${sealThinking(text, binding)}.${Buffer.from(text).toString('base64')}`;

/** Checks {@link redactThinking}'s string the same way. */
export const checkRedacted = (data: string, binding: Binding): SealVerdict => {
  const [seal = '', text = ''] = data.split('.');
  return checkSeal(Buffer.from(text, 'base64').toString('utf8'), seal, binding);
};

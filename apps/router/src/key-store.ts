import type { KeyRecord } from './domain/admit-key.js';

/** Where keys are looked up. Rejects when it cannot answer; an absent key is an answer. */
export abstract class KeyStore {
  abstract findByDigest(digest: string): Promise<KeyRecord | undefined>;
}

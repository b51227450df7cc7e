import type { KeyRecord } from '../domain/admit-key.js';
import { compileIpRules } from '../domain/ip-rules.js';

/** A usable key, for tests that change one thing about it. */
export const keyRecord = (change: Partial<KeyRecord> = {}): KeyRecord => ({
  principal: {
    keyId: 'key-1',
    accountId: 'account-1',
    groupId: '1',
    keyHint: 'sk-byts-...abcd',
    policy: 'warn',
    tier: 'free',
    caps: [],
  },
  status: 'active',
  expiresAt: undefined,
  paused: false,
  ipRules: compileIpRules([], []),
  ...change,
});

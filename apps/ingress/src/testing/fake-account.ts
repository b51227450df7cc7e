import type { account, AccountProfile, ApiKey, HandlersFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { digestKey } from '@bytespike/secrets';

import { MANAGEMENT_KEY, PEPPER } from './samples.js';

export const apiKey: ApiKey = {
  id: 'key-1',
  name: 'one',
  keyHint: 'sk-byts-...cdef',
  groupId: 1,
  group: 'default',
  status: 'active',
  quota: 0n,
  rateLimit5h: 5_000_000_000n,
  rateLimit1d: 0n,
  rateLimit7d: 0n,
  ipAllow: [],
  ipDeny: [],
  policy: 'warn',
  createdAt: 1_700_000_000_000,
};

export const profile: AccountProfile = {
  ...{ id: 'account-1', name: 'Ada', kind: 'individual', tier: 'pro', createdAt: 1_700_000_000_000 },
  modelCaps: [{ model: 'claude-test-4-5', limit: 5_000_000_000n }],
};

/** Console-api's contract with one key in it; what is created or changed is echoed. */
export function accountHandlers(): HandlersFor<typeof account> {
  const known = (keyId: string): ApiKey => {
    if (keyId !== apiKey.id) throw new GatewayError('not-found', 'There is no such key.');
    return apiKey;
  };
  return {
    authenticate: async ({ keyDigest }) => {
      if (keyDigest !== digestKey(MANAGEMENT_KEY, PEPPER))
        throw new GatewayError('unauthenticated', 'This key is not valid.');
      return { role: 'management', accountId: 'account-1', actor: 'tester' };
    },
    readProfile: async () => profile,
    createKey: async ({ settings, customKey }) => ({
      key: { ...apiKey, ...visible(settings) },
      secret: customKey ?? 'sk-byts-new',
    }),
    listKeys: async () => ({ keys: [apiKey], nextCursor: 'next' }),
    readKey: async ({ keyId }) => ({ key: known(keyId) }),
    updateKey: async ({ keyId, settings }) => ({ key: { ...known(keyId), ...visible(settings) } }),
    rotateKey: async ({ keyId }) => ({ key: known(keyId), secret: 'sk-byts-rotated' }),
    revokeKey: async ({ keyId }) => ({ key: { ...known(keyId), status: 'revoked' } }),
    listGroups: async () => ({ groups: [{ id: 1, name: 'default', description: 'all', exclusive: false }] }),
  };
}

/** The settings that a key shows: those that were sent, but for the days, which become a date. */
const visible = ({ expiresInDays, memberId, ...settings }: Settings): Partial<ApiKey> => {
  const sent = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(sent), ...expiry(expiresInDays), ...(typeof memberId === 'string' && { memberId }) };
};

type Settings = Omit<Partial<ApiKey>, 'memberId'> & {
  readonly expiresInDays?: number | null | undefined;
  readonly memberId?: string | null | undefined;
};

const expiry = (days: number | null | undefined): Pick<ApiKey, 'expiresAt'> => {
  if (days === undefined) return {};
  return { expiresAt: days === null ? undefined : 1_800_000_000_000 };
};

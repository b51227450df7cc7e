import { randomBytes } from 'node:crypto';

import type { RoutingGroup } from '@bytespike/catalog';
import type { account, ApiKey, HandlersFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { INFERENCE_KEY_PREFIX } from '@bytespike/secrets';
import { ulid } from 'ulid';

import type { AccessTokenStore } from './access-token-store.js';
import type { AccountStore } from './account-store.js';
import type { CapStore } from './cap-store.js';
import type { CatalogueStore } from './catalogue-store.js';
import { profileOf } from './domain/account-profile.js';
import { assertAddressRanges, assertCap, expiryAfter } from './domain/key-settings.js';
import { viewKey, type KeyRow } from './domain/key-view.js';
import { assertCustomKey, generatedSecret, secretFrom } from './domain/new-key.js';
import type { KeyChanges } from './key-changes.js';
import type { KeyStore } from './key-store.js';

const SECRET_BYTES = 32;

export interface AccountPorts {
  readonly keys: KeyStore;
  readonly tokens: AccessTokenStore;
  readonly accounts: AccountStore;
  readonly caps: CapStore;
  readonly catalogue: CatalogueStore;
  readonly changes: KeyChanges;
  readonly pepper: string;
  readonly now: () => number;
}

type KeySettings = Partial<Parameters<HandlersFor<typeof account>['createKey']>[0]['settings']>;

/** Keys, groups and who may manage them. The account comes from the caller's credential, never from its body. */
export const accountHandlers = (ports: AccountPorts): HandlersFor<typeof account> => ({
  authenticate: async ({ keyDigest }) => {
    const token = await ports.tokens.findByDigest(keyDigest);
    if (!token) throw new GatewayError('unauthenticated', 'This key does not manage an account.');
    const { paused, ...owner } = token;
    if (paused) throw accountPaused();
    return owner;
  },

  readProfile: async ({ accountId }) => {
    const [row, caps] = await Promise.all([ports.accounts.find(accountId), ports.caps.list(accountId)]);
    if (!row) throw new GatewayError('not-found', 'There is no such account.');
    if (row.paused) throw accountPaused();
    return profileOf(row, caps);
  },

  createKey: async ({ accountId, settings, customKey }) => {
    const groups = await bindableGroups(ports, accountId);
    assertSettings(settings, groups);
    await assertMember(ports, accountId, settings);
    if (customKey) assertCustomKey(customKey);
    const made = customKey
      ? secretFrom(customKey, ports.pepper)
      : generatedSecret(INFERENCE_KEY_PREFIX, randomBytes(SECRET_BYTES), ports.pepper);
    const { digest, hint, secret } = made;
    const row = await ports.keys.create({
      ...{ id: `key_${ulid()}`, accountId, digest, hint, name: settings.name, groupId: settings.groupId },
      ...columnsOf(settings, ports.now()),
    });
    // A custom key may have been tried before it existed, and its refusal may be cached.
    await ports.changes.announce([digest]);
    return { key: view(row, groups, ports.now()), secret };
  },

  listKeys: async ({ accountId, limit, cursor }) => {
    if (cursor !== undefined && !(await ports.keys.find(accountId, cursor)))
      throw new GatewayError('invalid-request', 'The cursor is not one of ours.', { details: { param: 'cursor' } });
    // One key more than asked tells whether there is a next page.
    const [groups, found] = await Promise.all([allGroups(ports), ports.keys.list(accountId, limit + 1, cursor)]);
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return { keys: rows.map((row) => view(row, groups, ports.now())), ...(last && { nextCursor: last.id }) };
  },

  readKey: async ({ accountId, keyId }) => {
    const row = await ports.keys.find(accountId, keyId);
    if (!row) throw unknownKey();
    return { key: view(row, await allGroups(ports), ports.now()) };
  },

  updateKey: async ({ accountId, keyId, settings: { status, ...settings } }) => {
    const groups = await bindableGroups(ports, accountId);
    assertSettings(settings, groups);
    await assertMember(ports, accountId, settings);
    return changeKey(ports, accountId, keyId, { ...columnsOf(settings, ports.now()), ...(status && { status }) });
  },

  rotateKey: async ({ accountId, keyId }) => {
    const { secret, digest, hint } = generatedSecret(INFERENCE_KEY_PREFIX, randomBytes(SECRET_BYTES), ports.pepper);
    return { ...(await changeKey(ports, accountId, keyId, { digest, hint })), secret };
  },

  revokeKey: ({ accountId, keyId }) =>
    changeKey(ports, accountId, keyId, { status: 'revoked', revokedAt: new Date(ports.now()) }),

  listGroups: async ({ accountId }) => {
    const groups = await bindableGroups(ports, accountId);
    return { groups: groups.map(({ id, name, description, exclusive }) => ({ id, name, description, exclusive })) };
  },
});

/** One change of a key, stated to every cache of the old and the new secret before it counts as done. */
async function changeKey(
  ports: AccountPorts,
  accountId: string,
  keyId: string,
  change: Partial<KeyRow>,
): Promise<{ key: ApiKey }> {
  const changed = await ports.keys.update(accountId, keyId, change);
  if (!changed) throw unknownKey();
  await ports.changes.announce([...new Set([changed.before.digest, changed.after.digest])]);
  return { key: view(changed.after, await allGroups(ports), ports.now()) };
}

function assertSettings(settings: KeySettings, groups: readonly RoutingGroup[]): void {
  if (settings.groupId !== undefined && !groups.some(({ id }) => id === settings.groupId))
    throw new GatewayError('invalid-request', `group_id ${settings.groupId} is not a group this account may bind`);
  assertAddressRanges('ip_whitelist', settings.ipAllow);
  assertAddressRanges('ip_blacklist', settings.ipDeny);
  assertCap('quota', settings.quota);
  assertCap('rate_limit_5h', settings.rateLimit5h);
  assertCap('rate_limit_1d', settings.rateLimit1d);
  assertCap('rate_limit_7d', settings.rateLimit7d);
}

/** Refuses a member where there are none: caps of a member hold within an organisation. */
async function assertMember({ accounts }: AccountPorts, accountId: string, { memberId }: KeySettings): Promise<void> {
  if (typeof memberId !== 'string') return;
  if ((await accounts.find(accountId))?.kind !== 'organisation')
    throw new GatewayError('invalid-request', 'member_id: only an organisation has members');
}

/** The settings as columns; what was not given stays as it is, and an expiry of null is taken away. */
function columnsOf({ expiresInDays, ...settings }: KeySettings, now: number): Partial<KeyRow> {
  const expiresAt = expiryAfter(expiresInDays, now);
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(expiresAt !== undefined && { expiresAt }) };
}

const allGroups = async ({ catalogue }: AccountPorts): Promise<readonly RoutingGroup[]> =>
  (await catalogue.newest())?.catalogue.groups ?? [];

async function bindableGroups(ports: AccountPorts, accountId: string): Promise<readonly RoutingGroup[]> {
  const [groups, granted] = await Promise.all([allGroups(ports), ports.accounts.grantedGroups(accountId)]);
  return groups.filter(({ id, exclusive }) => !exclusive || granted.has(id));
}

const view = (row: KeyRow, groups: readonly RoutingGroup[], now: number): ApiKey =>
  viewKey(row, groups.find(({ id }) => id === row.groupId)?.name ?? '', now);

const accountPaused = (): GatewayError => new GatewayError('forbidden', 'This account is paused.');

const unknownKey = (): GatewayError => new GatewayError('not-found', 'There is no such key.');

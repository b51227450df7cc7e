import { createLocalBus } from '@bytespike/bus/testing';
import { seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import { account, configuration } from '@bytespike/contracts';
import { createPrisma, type PrismaClient } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { LIMITS } from '@bytespike/kernel';
import { digestKey } from '@bytespike/secrets';

import { AccessTokenStore } from './access-token-store.js';
import { accountHandlers } from './account.handlers.js';
import { AccountStore } from './account-store.js';
import { CapStore } from './cap-store.js';
import { CatalogueStore } from './catalogue-store.js';
import { KeyChanges } from './key-changes.js';
import { KeyStore } from './key-store.js';

const PEPPER = 'a pepper that is long enough';
const NOW = Date.UTC(2026, 10, 20);
const context = () => ({ requestId: 'req_test', deadline: Date.now() + 5_000, signal: new AbortController().signal });

describe('keys', () => {
  let database: TestDatabase;
  let prisma: PrismaClient;
  let tokens: AccessTokenStore;
  let announced: string[];
  let keys: ReturnType<typeof accountHandlers>;

  beforeAll(async () => {
    database = await withTestDatabase();
    prisma = createPrisma(database.url);
    const bus = createLocalBus();
    const accounts = new AccountStore(prisma);
    await accounts.create({ id: 'acc_a', name: 'A', kind: 'individual', tier: 'free' });
    await accounts.create({ id: 'acc_b', name: 'B', kind: 'individual', tier: 'free' });
    await accounts.create({ id: 'acc_org', name: 'Org', kind: 'organisation', tier: 'free' });
    const catalogue = new CatalogueStore(prisma);
    const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
    const exclusive = { ...seed.groups[0]!, id: 99, name: 'exclusive', exclusive: true };
    await catalogue.publish({ ...seed, groups: [...seed.groups, exclusive] });
    await bus.subscribe(configuration.keyChanged, { mode: 'broadcast' }, async (changes) => {
      for (const { keyDigests } of changes) announced.push(...keyDigests);
    });
    const caps = new CapStore(prisma);
    await caps.set('acc_org', [
      { subject: 'model:gpt-5-4', span: 'life', amount: 7_000_000_000n },
      { subject: 'model:gpt-5-5', span: '1d', amount: 1_000_000_000n },
      { subject: 'account', span: 'life', amount: 9_000_000_000n },
    ]);
    tokens = new AccessTokenStore(prisma);
    const ports = { keys: new KeyStore(prisma), tokens, accounts, caps, catalogue };
    await bus.serve(
      account,
      accountHandlers({ ...ports, changes: new KeyChanges(bus), pepper: PEPPER, now: () => NOW }),
    );
    keys = bus.client(account);
  });
  beforeEach(() => {
    announced = [];
  });
  afterAll(async () => {
    await prisma.$disconnect();
    await database.drop();
  });

  const create = (settings: object = {}, customKey?: string) =>
    keys.createKey(
      { accountId: 'acc_a', settings: { name: 'ci', groupId: 1, ...settings }, ...(customKey && { customKey }) },
      context(),
    );

  it('shows the secret once and keeps only its digest', async () => {
    const { key, secret } = await create({ quota: 5_000_000_000n, expiresInDays: 30, ipAllow: ['10.0.0.0/8'] });
    expect(secret).toMatch(/^sk-byts-[\w-]{43}$/);
    expect(key).toMatchObject({ name: 'ci', group: 'default', status: 'active', quota: 5_000_000_000n });
    expect(key.keyHint).toBe(`sk-byts-...${secret.slice(-4)}`);
    expect(key.expiresAt).toBe(NOW + 30 * 86_400_000);
    const row = await prisma.identityApiKey.findUniqueOrThrow({ where: { id: key.id } });
    expect(row.digest).toBe(digestKey(secret, PEPPER));
    expect(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      secret,
    );
  });

  it('takes a secret of the caller, once', async () => {
    const custom = 'a-secret-of-the-customer-0123456789';
    const { secret } = await create({}, custom);
    expect(secret).toBe(custom);
    await expect(create({}, custom)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it.each([
    { name: 'that names another kind of key', custom: 'sk-mgmt-byts-0123456789-0123456789' },
    { name: "that begins like an operator's token", custom: 'op-byts-0123456789-0123456789' },
    { name: 'with a blank, which no Bearer token can have', custom: 'a secret of the customer 0123456789' },
    { name: 'that no header can hold', custom: 'schlüssel-des-kunden-0123456789' },
  ])('refuses a secret $name', async ({ custom }) => {
    await expect(create({}, custom)).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it('takes an expiry away again', async () => {
    const { key } = await create({ expiresInDays: 1 });
    const update = (settings: object) => keys.updateKey({ accountId: 'acc_a', keyId: key.id, settings }, context());
    expect((await update({ name: 'still expires' })).key.expiresAt).toBeDefined();
    expect((await update({ expiresInDays: null })).key.expiresAt).toBeUndefined();
  });

  it.each([
    { name: 'an unknown group', settings: { groupId: 12_345 } },
    { name: 'an exclusive group without a grant', settings: { groupId: 99 } },
    { name: 'a range that is none', settings: { ipDeny: ['10.0.0.0/99'] } },
    { name: 'a negative cap', settings: { rateLimit5h: -1n } },
  ])('refuses $name', async ({ settings }) => {
    await expect(create(settings)).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it('binds an exclusive group that was granted', async () => {
    await prisma.identityGroupGrant.create({ data: { accountId: 'acc_a', groupId: 99 } });
    const { key } = await create({ groupId: 99 });
    expect(key.group).toBe('exclusive');
    const { groups } = await keys.listGroups({ accountId: 'acc_b' }, context());
    expect(groups.map(({ id }) => id)).not.toContain(99);
  });

  it('belongs to a member of an organisation, until it is taken from them', async () => {
    const accountId = 'acc_org';
    const settings = { name: 'ci', groupId: 1, memberId: 'ada@example.org' };
    const { key } = await keys.createKey({ accountId, settings }, context());
    expect(key.memberId).toBe('ada@example.org');
    const update = (memberId: string | null) =>
      keys.updateKey({ accountId, keyId: key.id, settings: { memberId } }, context());
    expect((await update('grace')).key.memberId).toBe('grace');
    expect((await update(null)).key.memberId).toBeUndefined();
    await expect(create({ memberId: 'ada' })).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it.each([
    { settings: { quota: 7n } },
    { settings: { rateLimit5h: 7n } },
    { settings: { rateLimit1d: 7n } },
    { settings: { rateLimit7d: 7n } },
  ])('states a changed cap: $settings', async ({ settings }) => {
    const { key, secret } = await create();
    expect((await keys.updateKey({ accountId: 'acc_a', keyId: key.id, settings }, context())).key).toMatchObject(
      settings,
    );
    const digest = digestKey(secret, PEPPER);
    expect(announced).toEqual([digest, digest]);
  });

  it('states every change with the digests that caches may hold', async () => {
    const { key, secret } = await create();
    const rotated = await keys.rotateKey({ accountId: 'acc_a', keyId: key.id }, context());
    expect(rotated.secret).not.toBe(secret);
    await keys.updateKey({ accountId: 'acc_a', keyId: key.id, settings: { status: 'disabled' } }, context());
    const { key: revoked } = await keys.revokeKey({ accountId: 'acc_a', keyId: key.id }, context());
    expect(revoked.status).toBe('revoked');
    const [before, after] = [digestKey(secret, PEPPER), digestKey(rotated.secret, PEPPER)];
    expect(announced).toEqual([before, before, after, after, after]);
  });

  it('does not revive a revoked key', async () => {
    const { key } = await create();
    await keys.revokeKey({ accountId: 'acc_a', keyId: key.id }, context());
    const revive = keys.updateKey({ accountId: 'acc_a', keyId: key.id, settings: { status: 'active' } }, context());
    await expect(revive).rejects.toMatchObject({ kind: 'conflict' });
    await expect(keys.rotateKey({ accountId: 'acc_a', keyId: key.id }, context())).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('does not revive a key that is revoked while somebody else changes it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { key } = await create();
      const named = { accountId: 'acc_a', keyId: key.id };
      const [revoked, ...changed] = await Promise.allSettled([
        keys.revokeKey(named, context()),
        keys.updateKey({ ...named, settings: { status: 'active' } }, context()),
        keys.updateKey({ ...named, settings: { status: 'disabled' } }, context()),
        keys.rotateKey(named, context()),
      ]);
      expect(revoked).toMatchObject({ status: 'fulfilled', value: { key: { status: 'revoked' } } });
      for (const change of changed)
        if (change.status === 'rejected') expect(change.reason).toMatchObject({ kind: 'conflict' });
      // The token path reads this column and no other.
      expect(await prisma.identityApiKey.findUnique({ where: { id: key.id } })).toMatchObject({ status: 'revoked' });
    }
  });

  it('states every secret that rotations at the same time have made, and again when it was replaced', async () => {
    const { key } = await create();
    const rotate = () => keys.rotateKey({ accountId: 'acc_a', keyId: key.id }, context());
    announced = [];
    const rotated = await Promise.all([rotate(), rotate(), rotate()]);
    const row = await prisma.identityApiKey.findUnique({ where: { id: key.id } });
    for (const digest of rotated.map(({ secret }) => digestKey(secret, PEPPER)))
      expect(announced.filter((one) => one === digest)).toHaveLength(digest === row?.digest ? 1 : 2);
  });

  it("does not know another account's keys", async () => {
    const { key } = await create();
    const theirs = { accountId: 'acc_b', keyId: key.id };
    for (const attempt of [
      keys.readKey(theirs, context()),
      keys.rotateKey(theirs, context()),
      keys.revokeKey(theirs, context()),
      keys.updateKey({ ...theirs, settings: { name: 'stolen' } }, context()),
    ]) {
      await expect(attempt).rejects.toMatchObject({ kind: 'not-found' });
    }
    expect((await keys.listKeys({ accountId: 'acc_b', limit: 50 }, context())).keys).toEqual([]);
  });

  it('has no more keys than an account may have, however many ask at once', async () => {
    await prisma.identityAccount.create({ data: { id: 'acc_full', name: 'Full' } });
    await prisma.$executeRaw`
      INSERT INTO identity.api_key (id, account_id, name, digest, hint, group_id)
      SELECT 'key_full_' || i, 'acc_full', 'k', 'digest_' || i, 'h', 1
      FROM generate_series(1, ${LIMITS.accountKeysMax - 1}::int) AS i`;
    const settings = { name: 'one more', groupId: 1 };
    const add = () => keys.createKey({ accountId: 'acc_full', settings }, context());
    const added = await Promise.allSettled([add(), add(), add()]);
    const refused = {
      status: 'rejected',
      reason: { kind: 'conflict', message: expect.stringContaining('10000 keys') },
    };
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(added.filter(({ status }) => status === 'rejected')).toMatchObject([refused, refused]);
    await keys.revokeKey({ accountId: 'acc_full', keyId: 'key_full_1' }, context());
    await expect(add()).resolves.toMatchObject({ key: { status: 'active' } });
  });

  it('belong to an account that shows who it is, and what single models may cost in its life', async () => {
    const profile = await keys.readProfile({ accountId: 'acc_org' }, context());
    expect(profile).toEqual({
      ...{ id: 'acc_org', name: 'Org', kind: 'organisation', tier: 'free', createdAt: expect.any(Number) },
      modelCaps: [{ model: 'gpt-5-4', limit: 7_000_000_000n }],
    });
    await expect(keys.readProfile({ accountId: 'acc_nobody' }, context())).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('of a paused account stop working, those that manage it too', async () => {
    await tokens.createManagementKey({ id: 'tok_1', digest: 'd', hint: 'h', accountId: 'acc_org', actor: 'olga' });
    const manager = { role: 'management', accountId: 'acc_org', actor: 'olga' };
    expect(await keys.authenticate({ keyDigest: 'd' }, context())).toEqual(manager);
    await prisma.identityAccount.update({ where: { id: 'acc_org' }, data: { paused: true } });
    await expect(keys.authenticate({ keyDigest: 'd' }, context())).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(keys.readProfile({ accountId: 'acc_org' }, context())).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('pages through keys, newest first', async () => {
    const first = await keys.listKeys({ accountId: 'acc_a', limit: 2 }, context());
    const second = await keys.listKeys({ accountId: 'acc_a', limit: 2, cursor: first.nextCursor! }, context());
    const ids = [...first.keys, ...second.keys].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  it('tells of a next page only where there is one, and knows its own cursors', async () => {
    const all = await keys.listKeys({ accountId: 'acc_a', limit: 200 }, context());
    const exact = await keys.listKeys({ accountId: 'acc_a', limit: all.keys.length }, context());
    expect([exact.keys.length, exact.nextCursor]).toEqual([all.keys.length, undefined]);
    const cursors = ['key_of_nobody', (await keys.listKeys({ accountId: 'acc_org', limit: 1 }, context())).keys[0]!.id];
    for (const cursor of cursors)
      await expect(keys.listKeys({ accountId: 'acc_a', limit: 2, cursor }, context())).rejects.toMatchObject({
        kind: 'invalid-request',
        message: 'The cursor is not one of ours.',
      });
  });
});

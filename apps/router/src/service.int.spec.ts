import { setImmediate as turn } from 'node:timers/promises';

import { createLocalBus } from '@bytespike/bus/testing';
import { seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import { configuration, health, routing } from '@bytespike/contracts';
import type { CallContext, HandlersFor } from '@bytespike/contracts';
import { createPool } from '@bytespike/database';
import type { Pool } from '@bytespike/database';
import { withTestDatabase } from '@bytespike/database/testing';
import type { TestDatabase } from '@bytespike/database/testing';
import type { RunningService } from '@bytespike/service';
import { createLogger } from '@bytespike/telemetry';

import { router } from './service.js';

const digestOf = (number: number): string => number.toString(16).padStart(64, '0');
const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const published = { version: 1, catalogue: seed as unknown };

const context = (): CallContext => ({
  requestId: 'test',
  deadline: Date.now() + 60_000,
  signal: new AbortController().signal,
});
const configurationOwner: HandlersFor<typeof configuration> = {
  snapshot: async () => published,
  credentials: async () => ({ credentials: [] }),
};

/** Facts arrive some turns of the event loop after they were stated; the test's own time limit bounds the tries. */
async function eventually(check: () => Promise<unknown>): Promise<void> {
  const holds = (): Promise<boolean> =>
    check().then(
      () => true,
      () => false,
    );
  while (!(await holds())) await turn();
}

describe('the router', () => {
  const bus = createLocalBus();
  const { authenticate, plan, planMedia, listModels, nameModel } = bus.client(routing);
  let database: TestDatabase;
  let pool: Pool;
  let running: RunningService;

  const identify = (number: number, clientAddress = '127.0.0.1') =>
    authenticate({ keyDigest: digestOf(number), clientAddress }, context());
  const planFor = (groupId: string, model: string) =>
    plan(
      {
        groupId,
        protocol: 'anthropic-messages',
        operation: 'generate',
        model,
        features: { stream: true, tools: false, vision: false, thinking: false, state: false, capsule: false },
      },
      context(),
    );

  beforeAll(async () => {
    database = await withTestDatabase();
    pool = createPool(database.url, { max: 1, statementTimeoutMs: 5_000, applicationName: 'test' });
    await pool.query(`INSERT INTO identity.account (id, name, kind, tier, paused) VALUES
      ('person', 'a person', 'individual', 'pro', false),
      ('company', 'a company', 'organisation', 'enterprise', false),
      ('late', 'a company that did not pay', 'organisation', 'free', true)`);
    await pool.query(
      `INSERT INTO identity.api_key
         (id, account_id, name, digest, hint, group_id, status, ip_allow, ip_deny, policy, expires_at) VALUES
         ('k1', 'person', 'k1', $1, 'sk-byts-...0001', 1, 'active', '{}', '{}', 'strict', NULL),
         ('k2', 'company', 'k2', $2, 'sk-byts-...0002', 6, 'active', '{10.0.0.0/8}', '{10.1.0.0/16}', 'warn', now() + interval '1 day'),
         ('k3', 'person', 'k3', $3, 'sk-byts-...0003', 1, 'active', '{}', '{}', 'warn', now() - interval '1 second'),
         ('k4', 'late', 'k4', $4, 'sk-byts-...0004', 1, 'active', '{}', '{}', 'warn', NULL)`,
      [1, 2, 3, 4].map(digestOf),
    );
    await bus.serve(configuration, configurationOwner);
    running = await router.start({
      environment: { DATABASE_URL: database.url },
      bus,
      logger: createLogger({ service: 'router', level: 'silent' }),
    });
  });

  afterAll(async () => {
    await bus.drain();
    await pool.end();
    await database.drop();
  });

  it('says that it is ready', () => {
    expect(running.ready?.()).toBe(true);
  });

  it('tells who owns a key', async () => {
    expect(await identify(1)).toEqual({
      keyId: 'k1',
      accountId: 'person',
      groupId: '1',
      keyHint: 'sk-byts-...0001',
      policy: 'strict',
      tier: 'pro',
      concurrency: 25,
      caps: [],
    });
    expect(await identify(2, '::ffff:10.2.0.1')).toMatchObject({ organisationId: 'company', tier: 'enterprise' });
  });

  it('tells the caps that hold for a key: its own, its member’s, its organisation’s and those of models', async () => {
    await pool.query(`UPDATE identity.account SET concurrency = 700 WHERE id = 'company'`);
    await pool.query(
      `UPDATE identity.api_key SET member_id = 'm_1', quota = 9, rate_limit_1d = 9223372036854775807 WHERE id = 'k2'`,
    );
    await pool.query(`INSERT INTO identity.cap (account_id, subject, span, amount) VALUES
      ('company', 'account', '7d', 5), ('company', 'member:m_1', 'life', 4), ('company', 'member:m_10', 'life', 3),
      ('company', 'model:claude-opus-4-8', '1d', 2), ('person', 'account', '5h', 1)`);
    await bus.publish(configuration.keyChanged, { changeId: 'caps', keyDigests: [digestOf(2)] });
    await eventually(async () =>
      expect(await identify(2, '10.2.0.1')).toMatchObject({
        memberId: 'm_1',
        concurrency: 700,
        caps: [
          { subject: 'key:k2', span: 'life', limit: 9n },
          { subject: 'key:k2', span: '1d', limit: 9_223_372_036_854_775_807n },
          { subject: 'account', span: '7d', limit: 5n },
          { subject: 'member:m_1', span: 'life', limit: 4n },
          { subject: 'model:claude-opus-4-8', span: '1d', limit: 2n },
        ],
      }),
    );
  });

  it.each([
    ['an unknown key', 99, '127.0.0.1', 'unauthenticated'],
    ['an expired key', 3, '127.0.0.1', 'unauthenticated'],
    ['a denied address', 2, '10.1.0.1', 'forbidden'],
    ['an address that is not allowed', 2, '127.0.0.1', 'forbidden'],
    ['a paused organisation', 4, '127.0.0.1', 'forbidden'],
  ])('refuses %s', async (_name, key, address, kind) => {
    await expect(identify(key, address)).rejects.toMatchObject({ kind });
  });

  it('hears of a revoked key at once', async () => {
    await identify(1);
    await pool.query(`UPDATE identity.api_key SET status = 'revoked' WHERE id = 'k1'`);
    await bus.publish(configuration.keyChanged, { changeId: 'c1', keyDigests: [digestOf(1)] });
    await eventually(() => expect(identify(1)).rejects.toMatchObject({ kind: 'unauthenticated' }));
  });

  it('plans, lists, and passes over a circuit that opened', async () => {
    expect(await planFor('1', 'claude-opus-5-5')).toMatchObject({ model: 'claude-opus-4-8', alias: 'claude-opus-5-5' });
    expect((await listModels({ groupId: '2' }, context())).models).toHaveLength(7);
    const circuit = { channelId: 'anthropic-anthropic-messages', upstreamModel: 'claude-opus-4-8' };
    const until = Date.now() + 60_000;
    await bus.publish(health.circuitChanged, { changeId: 'h1', ...circuit, state: 'open', until });
    await eventually(() => expect(planFor('1', 'claude-opus-4-8')).rejects.toMatchObject({ kind: 'unavailable' }));
    await bus.publish(health.circuitChanged, { changeId: 'h2', ...circuit, state: 'half-open' });
    await eventually(() => planFor('1', 'claude-opus-4-8'));
  });

  it.each([
    { name: 'claude-3-5-sonnet-20241022', id: 'claude-sonnet-4-6' },
    { name: 'Claude-Sonnet-4.6', id: 'claude-sonnet-4-6' },
    { name: 'veo3.1', id: 'veo-3.1' },
    { name: 'deepseek-chat', id: undefined },
    { name: 'nobody', id: undefined },
  ])('knows $name as $id', async ({ name, id }) => {
    expect(await nameModel({ name }, context())).toEqual({ id });
  });

  it('plans pictures and films, and passes over their circuits as well', async () => {
    const planFilm = () => planMedia({ groupId: '1', model: 'veo3.1', kinds: ['video'] }, context());
    expect(await planFilm()).toMatchObject({ model: 'veo-3.1', targets: [{ channelId: 'google-media' }] });
    const circuit = { channelId: 'google-media', upstreamModel: 'veo-3.1-generate-preview' };
    await bus.publish(health.circuitChanged, { changeId: 'h3', ...circuit, state: 'open', until: Date.now() + 60_000 });
    await eventually(() => expect(planFilm()).rejects.toMatchObject({ kind: 'unavailable' }));
    await bus.publish(health.circuitChanged, { changeId: 'h4', ...circuit, state: 'closed' });
    await eventually(planFilm);
  });

  it('takes a newly published catalogue', async () => {
    published.version = 2;
    published.catalogue = { ...seed, aliases: [...seed.aliases, { alias: 'house-opus', model: 'claude-opus-4-8' }] };
    await bus.publish(configuration.snapshotPublished, { version: 2 });
    await eventually(() => expect(planFor('1', 'house-opus')).resolves.toMatchObject({ model: 'claude-opus-4-8' }));
  });

  it('keeps known keys and refuses unknown ones as unavailable while the store is gone', async () => {
    await identify(2, '10.2.0.1');
    await pool.query(`ALTER TABLE identity.api_key RENAME TO api_key_gone`);
    expect(await identify(2, '10.2.0.1')).toMatchObject({ keyId: 'k2' });
    await expect(identify(77)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('leaves nothing behind when it is drained', async () => {
    await running.drain(1_000);
    await expect(planFor('1', 'claude-opus-4-8')).rejects.toMatchObject({ kind: 'unavailable' });
    const sessions = `SELECT count(*)::int AS open FROM pg_stat_activity
      WHERE application_name = 'router' AND datname = current_database()`;
    await eventually(async () => expect((await pool.query(sessions)).rows).toEqual([{ open: 0 }]));
  });
});

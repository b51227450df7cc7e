import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase } from '@bytespike/database/testing';

import { voided } from './domain/settlement.js';
import { createLedgerPool } from './store/ledger-pool.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { holdOf, settledAt } from './testing/ledger-fixtures.js';
import { verifyLedger } from './verify/verify-ledger.js';

const NOBODY = 65_534;

/** Postgres refuses to run as root; any other user will do. */
const unprivileged = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A Postgres of our own, because this test kills it. Durable as in production. */
class MortalPostgres {
  readonly url: string;
  private server: ChildProcess | undefined;

  constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.url = `postgresql://test@127.0.0.1:${port}/postgres`;
    if (unprivileged.uid) chownSync(folder, unprivileged.uid, unprivileged.uid);
    const made = spawnSync(this.program('initdb'), ['-D', folder, '-U', 'test', '-A', 'trust'], {
      cwd: folder,
      ...unprivileged,
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${String(made.stderr)}`);
  }

  /** Starts it again while it will not: after a kill, its orphans may still hold its memory for a moment. */
  async start(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'synchronous_commit=on'];
    const args = ['-D', this.folder, '-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])];
    const pool = createPool(this.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'crash-test' });
    const answers = (): Promise<boolean> =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      );
    do {
      if (!this.isRunning())
        this.server = spawn(this.program('postgres'), args, { cwd: this.folder, stdio: 'ignore', ...unprivileged });
      await setTimeout(20);
    } while (!(await answers()));
    await pool.end();
  }

  async kill(): Promise<void> {
    const { server } = this;
    if (!server || !this.isRunning()) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  }

  private isRunning(): boolean {
    return this.server?.exitCode === null && this.server.signalCode === null;
  }

  private program(name: string): string {
    return join(process.env['TEST_POSTGRES_BIN_DIR'] ?? '', name);
  }
}

describe('kill -9 of Postgres in the middle of batches', () => {
  let folder: string;
  let postgres: MortalPostgres;
  let pool: Pool;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bytespike-crash-'));
    postgres = new MortalPostgres(folder, await freePort());
    await postgres.start();
  });
  afterAll(async () => {
    await pool.end();
    await postgres.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses no charge to a grant that was acknowledged, and charges none twice', async () => {
    const { url } = await withTestDatabase(postgres.url);
    pool = createLedgerPool(url, 4);
    const store = new PgLedgerStore(pool);
    await store.credit({ transactionId: 't', accountId: 'acc', amount: 10_000n, reason: 'test', actor: 'test' });
    await store.hold([holdOf('grant', 'acc', 9_000n)]);
    const endOf = (requestId: string) => ({
      ...settledAt(requestId, 1n),
      carved: { grantId: 'grant', amount: 1n, basis: 'carved', maxOutputTokens: 1 },
    });
    const acknowledged: string[] = [];
    const failed: string[] = [];
    const writer = async (name: string): Promise<void> => {
      for (let batch = 0; failed.length === 0; batch += 1) {
        const ids = Array.from({ length: 20 }, (_, at) => `${name} ${batch} ${at}`);
        await store.end(ids.map(endOf)).then(
          () => acknowledged.push(...ids),
          () => failed.push(...ids),
        );
        if (acknowledged.length >= 400) await postgres.kill();
      }
    };
    await Promise.all([writer('one'), writer('two')]);
    while (pool.totalCount > 0) await setTimeout(5);
    await postgres.start();

    const kindsOf = async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set((await store.end(ids.map(endOf))).map(({ kind }) => kind));
    expect(await kindsOf(acknowledged)).toEqual(new Set(['repeated']));
    await kindsOf(failed);
    expect(await kindsOf(failed)).toEqual(new Set(['repeated']));
    await store.end([voided('grant')]);
    const charged = BigInt(acknowledged.length + failed.length);
    expect(await store.wallets(['acc'])).toEqual([{ available: 10_000n - charged, held: 0n }]);
    expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
    await pool.end();
  });

  it('loses no hold that was acknowledged, says unavailable to the rest, and takes their replay', async () => {
    const { url } = await withTestDatabase(postgres.url);
    pool = createLedgerPool(url, 4);
    const store = new PgLedgerStore(pool);
    const funding = { transactionId: 't', accountId: 'acc', amount: 1_000_000n, reason: 'test', actor: 'test' };
    await store.credit(funding);
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    const writer = async (name: string): Promise<void> => {
      for (let batch = 0; failures.length === 0; batch += 1) {
        const items = Array.from({ length: 20 }, (_, at) => holdOf(`${name} ${batch} ${at}`, 'acc', 1n));
        await store.hold(items).then(
          () => acknowledged.push(...items.map(({ requestId }) => requestId)),
          (error: unknown) => failures.push(error),
        );
        if (acknowledged.length >= 400) await postgres.kill();
      }
    };
    await Promise.all([writer('one'), writer('two'), writer('three')]);
    // A session in the middle of a commit outlives its postmaster for a moment: down is when the last one has gone.
    while (pool.totalCount > 0) await setTimeout(5);
    await expect(store.hold([holdOf('while down', 'acc', 1n)])).rejects.toMatchObject({ kind: 'unavailable' });
    await postgres.start();

    const { rows } = await pool.query<{ request_id: string }>('SELECT request_id FROM ledger.hold');
    const kept = new Set(rows.map((row) => row.request_id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(failures.every((error) => error instanceof Error && 'kind' in error && error.kind === 'unavailable')).toBe(
      true,
    );
    const replayed = await store.hold(acknowledged.map((id) => holdOf(id, 'acc', 1n)));
    expect(new Set(replayed.map(({ kind }) => kind))).toEqual(new Set(['known']));
    expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
  });
});

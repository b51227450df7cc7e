import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLocalBus } from '@bytespike/bus/testing';
import { billing, media, statement, tasks, type ClientFor, type HandlersFor } from '@bytespike/contracts';
import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { GatewayError } from '@bytespike/kernel';
import type { RunningService } from '@bytespike/service';
import { createLogger } from '@bytespike/telemetry';
import { Redis } from 'ioredis';

import { taskWorker } from './service.js';
import { BookLedger } from './testing/book-ledger.js';
import { accepted, scriptedVendor } from './testing/scripted-vendor.js';
import { FILM_INPUT } from './testing/film-input.js';

const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
const DRAIN_MS = 5_000;
const context = () => ({
  requestId: 'request-1',
  deadline: Date.now() + 20_000,
  signal: new AbortController().signal,
});

let database: TestDatabase;
let pool: Pool;
let assets: string;
let vendor: ReturnType<typeof scriptedVendor>;
let ledger: BookLedger;
const running: RunningService[] = [];

beforeEach(async () => {
  database = await withTestDatabase();
  pool = createPool(database.url, { max: 2, statementTimeoutMs: 5_000, applicationName: 'test' });
  assets = mkdtempSync(join(tmpdir(), 'task-assets-'));
  vendor = scriptedVendor();
  ledger = new BookLedger();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.drain(DRAIN_MS)));
  await pool.end();
  await database.drop();
  rmSync(assets, { recursive: true, force: true });
});

const refuse = (): Promise<never> => Promise.reject(new GatewayError('internal', 'nobody asks this here'));

/** One process: the worker, and all that it asks. They share Postgres, Redis, the vendor and the ledger. */
async function startWorker(): Promise<ClientFor<typeof tasks>> {
  const bus = createLocalBus();
  await bus.serve(media, vendor.handlers);
  await bus.serve(billing, {
    hold: (request) => ledger.hold(request),
    heartbeat: async () => ({ nextMs: 60_000 }),
    unended: async ({ requests }) => ledger.unended(requests.map(({ requestId }) => requestId)),
    ...{ quote: refuse, extend: refuse, accounting: refuse, balance: refuse, credit: refuse, listUsage: refuse },
  } satisfies HandlersFor<typeof billing>);
  await bus.serve(statement, {
    readReceipt: async ({ requestId }) => ledger.receipt(requestId) as never,
    ...{ reportUsage: refuse, listMovements: refuse, readWallet: refuse },
  } as HandlersFor<typeof statement>);
  await bus.subscribe(billing.usage, { mode: 'queue', name: 'ledger' }, async (facts) => {
    for (const fact of facts) await ledger.state(fact);
  });
  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    CREDENTIALS_KEY: Buffer.alloc(32, 1).toString('base64'),
    KEY_PEPPER: 'a pepper for tests',
    ASSETS_FOLDER: assets,
    TASK_WORKER_ASK_EVERY_MS_MAX: '200',
  };
  running.push(
    await taskWorker.start({ environment, bus, logger: createLogger({ service: 'test', level: 'silent' }) }),
  );
  return bus.client(tasks);
}

/** Until so many tasks have ended. */
async function ended(count: number): Promise<readonly { readonly state: string; readonly cost: bigint }[]> {
  for (;;) {
    const { rows } = await pool.query<{ state: string; cost: bigint }>(
      'SELECT state, cost FROM tasks.task WHERE ended_at IS NOT NULL',
    );
    if (rows.length >= count) return rows;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const TASKS = 40;
const submitMany = (workers: readonly ClientFor<typeof tasks>[]) =>
  Promise.all(
    Array.from({ length: TASKS }, (_, place) =>
      workers[place % workers.length]?.submit({ ...FILM_INPUT, estimatedSeconds: 1 }, context()),
    ),
  );

describe('workers side by side', () => {
  it('share the tasks, and do each step of each once', async () => {
    const workers = [await startWorker(), await startWorker()];
    await submitMany(workers);

    const ends = await ended(TASKS);

    expect(ends).toEqual(Array.from({ length: TASKS }, () => ({ state: 'completed', cost: 500_000_000n })));
    expect(vendor.calls).toMatchObject({ submit: TASKS, fetch: TASKS });
    expect(ledger.facts).toHaveLength(TASKS);
  });

  it('lose nothing when everything in Redis is lost', async () => {
    const workers = [await startWorker()];
    let isOpen = false;
    const release: (() => void)[] = [];
    vendor.script.submit = async (workId) => {
      if (!isOpen) await new Promise<void>((resolve) => release.push(resolve));
      return accepted(`video-${workId}`);
    };
    await submitMany(workers);
    const redis = new Redis(redisUrl);
    await redis.del(...(await redis.keys('bytespike:task-*')));
    redis.disconnect();
    isOpen = true;
    for (const go of release) go();

    expect(await ended(TASKS)).toHaveLength(TASKS);
    expect(vendor.calls.submit).toBe(TASKS);
  });

  it('take leave of what they began: a copy is broken off, and made by the next one', async () => {
    const [worker] = [await startWorker()];
    const begun = new Promise<void>((resolve) => {
      vendor.script.fetch = async () => {
        resolve();
        return new Promise<never>(() => undefined);
      };
    });
    await worker?.submit({ ...FILM_INPUT, estimatedSeconds: 1 }, context());
    await begun;

    await Promise.all(running.splice(0).map((one) => one.drain(DRAIN_MS)));
    const { rows } = await pool.query('SELECT lease_until FROM tasks.task');
    expect(rows).toEqual([{ lease_until: null }]);
    vendor.script.fetch = scriptedVendor().script.fetch;
    await startWorker();

    expect(await ended(1)).toEqual([{ state: 'completed', cost: 500_000_000n }]);
  });
});

import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { LEDGER_SESSION } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { tell, type Command, type Scene } from './ledger-commands.js';
import { withTestClock, type TestClock } from './test-clock.js';

/** Every invariant is checked after every sequence, against the whole book: it is kept short. */
const RUNS_PER_BOOK = 25;

const HOUR_MS = 3_600_000;

/** The book has room for the coming three months. */
const BOOK_LASTS_MS = 45 * 24 * HOUR_MS;

/** A fresh book, two ledgers over it, and a third whose sessions are killed. */
export class Book {
  private runs = 0;
  /** An hour ahead: a clock that is set back stays within the month that the book begins with. */
  private readonly begun = Date.now() + HOUR_MS;
  private latest = this.begun;

  private constructor(
    private readonly database: TestDatabase,
    private readonly owner: Pool,
    private readonly pools: readonly Pool[],
    private readonly clock: TestClock,
  ) {}

  static async open(): Promise<Book> {
    const database = await withTestDatabase();
    const owner = createPool(database.url, { max: 2, statementTimeoutMs: 10_000, applicationName: 'owner' });
    const clock = await withTestClock(owner);
    const session = { ...LEDGER_SESSION, ...clock.session };
    const pools = ['one', 'other', 'doomed'].map((applicationName) =>
      createPool(database.url, { max: 1, statementTimeoutMs: 10_000, applicationName, session }),
    );
    return new Book(database, owner, pools, clock);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools, this.owner].map((pool) => pool.end()));
    await this.database.drop();
  }

  get isFull(): boolean {
    return this.runs >= RUNS_PER_BOOK || this.latest > this.begun + BOOK_LASTS_MS;
  }

  /** The latest it has been: nothing that has left a window for one sequence comes back into it for the next. */
  get time(): number {
    return this.latest;
  }

  async setClock(epochMs: number): Promise<void> {
    this.latest = Math.max(this.latest, epochMs);
    await this.clock.set(epochMs);
  }

  nextRun(): string {
    this.runs += 1;
    return String(this.runs);
  }

  get one(): PgLedgerStore {
    return this.over(0);
  }

  get other(): PgLedgerStore {
    return this.over(1);
  }

  /** A ledger is told, and dies before or after it has done it: nobody knows. */
  async tellDoomed(command: Command, scene: Scene): Promise<void> {
    const told = Promise.allSettled([tell(this.over(2), command, scene)]);
    await this.owner.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'doomed' AND datname = current_database()`,
    );
    await told;
  }

  async broken(): Promise<readonly unknown[]> {
    const [pool] = this.pools;
    return pool ? (await verifyLedger(pool)).filter(({ violations }) => violations > 0) : ['no pool'];
  }

  private over(at: number): PgLedgerStore {
    const pool = this.pools[at];
    if (!pool) throw new Error('no such ledger');
    return new PgLedgerStore(pool);
  }
}

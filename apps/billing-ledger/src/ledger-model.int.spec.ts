import type { Cap } from '@bytespike/contracts';
import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import fc from 'fast-check';

import { LEDGER_SESSION } from './ledger-pool.js';
import { PgLedgerStore } from './pg-ledger-store.js';
import {
  accountsOf,
  requests,
  steps,
  tell,
  type Command,
  type Fate,
  type Requests,
  type Scene,
  type Step,
} from './testing/ledger-commands.js';
import { MemoryLedgerStore } from './testing/memory-ledger-store.js';
import { withTestClock, type TestClock } from './testing/test-clock.js';
import { verifyLedger } from './verify/verify-ledger.js';

/** 500 for every push, 10,000 at night. */
const RUNS = Number(process.env['LEDGER_MODEL_RUNS'] ?? 500);

/** Every invariant is checked after every sequence, against the whole book: it is kept short. */
const RUNS_PER_BOOK = 25;

const LIMIT_MS = 60_000 + RUNS * 1_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The book has room for the coming three months, and neither a sequence nor a book goes further. */
const SEQUENCE_LASTS_MS = 30 * DAY_MS;
const BOOK_LASTS_MS = 45 * DAY_MS;

/** A ledger never carves, or gives back, more than a grant has left; what it does not do is not asked. */
function withinGrants(command: Command, run: string, model: MemoryLedgerStore): Command {
  if (command.do !== 'spend' && command.do !== 'release') return command;
  const grant = model.holds.get(`req ${run} ${command.grant}`);
  let left = grant ? grant.amount - grant.drawn - grant.returned : 0n;
  if (command.do === 'release') return { ...command, amount: command.amount < left ? command.amount : left };
  return {
    ...command,
    items: command.items.map((item) => {
      const size = item.amount < left ? item.amount : left;
      left -= size;
      return { ...item, amount: size };
    }),
  };
}

/** A fresh book, two ledgers over it, and a third whose sessions are killed. */
class Book {
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

/** One sequence against the book and against the model, which must answer and stand alike after each step. */
class Sequence {
  private readonly caps = new Map<string, Cap>();
  private readonly scene: Scene;
  private readonly model: MemoryLedgerStore;
  private readonly begun: number;
  private now: number;

  constructor(
    private readonly book: Book,
    asked: Requests,
  ) {
    this.begun = book.time;
    this.now = book.time;
    this.scene = { run: book.nextRun(), asked, caps: this.caps };
    this.model = new MemoryLedgerStore(() => this.now);
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'tell') await this.tell(withinGrants(step.command, this.scene.run, this.model), step.fate);
    else if (step.do === 'prune') await this.book.one.pruneSpend(1_000);
    else if (step.do === 'clock') await this.moveClock(step.byMs);
    else {
      const { subject, span, limit } = step;
      if (limit === undefined) this.caps.delete(`${subject} ${span}`);
      else this.caps.set(`${subject} ${span}`, { subject, span, limit });
    }
    await this.compareStandings();
  }

  async moveClock(byMs: number): Promise<void> {
    this.now = Math.min(this.now + byMs, this.begun + SEQUENCE_LASTS_MS);
    await this.book.setClock(this.now);
  }

  private async tell(command: Command, fate: Fate): Promise<void> {
    const { book, model, scene } = this;
    if (fate === 'killed') {
      await book.tellDoomed(command, scene);
      await tell(book.other, command, scene);
      await tell(model, command, scene);
      return;
    }
    expect(await tell(book.one, command, scene)).toEqual(await tell(model, command, scene));
    if (fate === 'repeated') expect(await tell(book.other, command, scene)).toEqual(await tell(model, command, scene));
  }

  private async compareStandings(): Promise<void> {
    const queries = accountsOf(this.scene).map((accountId) => ({ accountId, caps: [...this.caps.values()] }));
    expect(await this.book.other.standings(queries)).toEqual(await this.model.standings(queries));
  }
}

describe('the ledger, compared with a model', () => {
  let book: Book | undefined;

  afterAll(() => book?.close());

  const freshBook = async (): Promise<Book> => {
    if (book && !book.isFull) return book;
    await book?.close();
    book = await Book.open();
    return book;
  };

  it(
    'answers every sequence alike, however often it is told and whoever dies, and the book balances after each',
    async () => {
      const agrees = fc.asyncProperty(requests, steps, async (asked, sequence) => {
        const current = await freshBook();
        const run = new Sequence(current, asked);
        await run.moveClock(0);
        for (const step of sequence) await run.take(step);
        expect(await current.broken()).toEqual([]);
      });
      // A failure is made small until time is up, and then told; a run that does not come to its end fails too.
      await fc.assert(agrees, { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true });
    },
    LIMIT_MS + 30_000,
  );
});

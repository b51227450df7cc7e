import type { Cap } from '@bytespike/contracts';
import fc from 'fast-check';

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
import { Book } from './testing/model-book.js';

/** 500 for every push, 10,000 at night. */
const RUNS = Number(process.env['LEDGER_MODEL_RUNS'] ?? 500);

const LIMIT_MS = 60_000 + RUNS * 1_000;

/** A sequence goes no further: with what a book lasts, that is within the months it has room for. */
const SEQUENCE_LASTS_MS = 30 * 86_400_000;

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
